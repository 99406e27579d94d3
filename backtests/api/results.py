"""What came out of a backtest, over REST: tables and documents."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backtests.api.problems import NO_RESULT, TABLES_PURGED, UNFINISHED
from backtests.api.result_serializers import (
    FillSerializer,
    PointsSerializer,
    TradeSerializer,
)
from backtests.api.table_serializers import ChecksSerializer, DrawdownSerializer
from backtests.checks import summary
from backtests.downsampling import keep_all_extremes
from backtests.exports import document_file, fill_file, finding_file, trade_file
from backtests.models import Backtest
from backtests.periods import drawdown_columns, monthly_columns
from backtests.results import (
    drawdown_dicts,
    equity_columns,
    fill_dicts,
    table_of,
    trade_dicts,
)
from backtests.selectors import backtests_of, result_of
from botforge.api.columns import ColumnarSerializer, columnar_response
from botforge.api.headers import FILENAME
from botforge.api.rows import PAGE, page_of_rows, page_serializer
from botforge.api.tables import (
    SERIES_RENDERERS,
    CsvRenderer,
    FileRenderer,
    ParquetRenderer,
    file_response,
    query_without_form,
    refuse_pages,
)
from botforge.arrow import Table

FORMS: dict[str, Any] = {"renderer_classes": SERIES_RENDERERS}
ALWAYS_OPEN = 365


def forms(json: Any) -> dict[tuple[int, str], Any]:
    """Return the documentation of an answer that is also there as a file."""
    return {
        (200, "application/json"): json,
        (200, CsvRenderer.media_type): OpenApiTypes.STR,
        (200, ParquetRenderer.media_type): OpenApiTypes.BINARY,
    }


@extend_schema(
    tags=["backtests"], parameters=[FILENAME], examples=[UNFINISHED, NO_RESULT]
)
class ResultViewSet(viewsets.GenericViewSet[Backtest]):
    queryset = Backtest.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Backtest]:
        return backtests_of(self.request.user)

    @extend_schema(
        summary="Closed trades",
        description="Pages in JSON; a file holds every closed trade.",
        parameters=PAGE,
        examples=[TABLES_PURGED],
        responses=forms(
            page_serializer(
                TradeSerializer, open_trade=TradeSerializer(allow_null=True)
            )
        ),
    )
    @action(detail=True, **FORMS)
    def trades(self, request: Request, pk: str) -> HttpResponseBase:
        result = result_of(self.get_object(), "trades")
        columns = table_of(result, "trades")
        if (file := self._file(columns, trade_file)) is not None:
            return file
        page = page_of_rows(
            request, len(columns["side"]), lambda a, b: trade_dicts(columns, a, b)
        )
        return Response({**page, "open_trade": result.open_trade})

    @extend_schema(
        summary="Fills",
        description="Pages in JSON; a file holds every fill.",
        parameters=PAGE,
        examples=[TABLES_PURGED],
        responses=forms(page_serializer(FillSerializer)),
    )
    @action(detail=True, **FORMS)
    def fills(self, request: Request, pk: str) -> HttpResponseBase:
        columns = table_of(result_of(self.get_object(), "fills"), "fills")
        if (file := self._file(columns, fill_file)) is not None:
            return file
        return Response(
            page_of_rows(
                request, len(columns["side"]), lambda a, b: fill_dicts(columns, a, b)
            )
        )

    @extend_schema(
        summary="Equity, drawdown and benchmark at each bar's close",
        description="The benchmark is buying and holding with the same costs. Thinned "
        "to `points`, the extremes of all three are kept.",
        parameters=[PointsSerializer],
        examples=[TABLES_PURGED],
        responses=forms(ColumnarSerializer),
    )
    @action(detail=True, **FORMS)
    def equity(self, request: Request, pk: str) -> HttpResponseBase:
        query = PointsSerializer(data=query_without_form(request))
        query.is_valid(raise_exception=True)
        columns = equity_columns(result_of(self.get_object(), "equity"))
        if (points := query.validated_data.get("points")) is not None:
            lines = columns["equity"], columns["benchmark"]
            kept = keep_all_extremes((*lines, columns["drawdown"]), lines, points)
            columns = {name: column[kept] for name, column in columns.items()}
        file = self._file(columns)
        return columnar_response(columns) if file is None else file

    @extend_schema(
        summary="Returns by month",
        description="Of each UTC month with bars; `partial` says which the run does "
        "not cover as a whole. Together they multiply to the total return.",
        examples=[TABLES_PURGED],
        responses=forms(ColumnarSerializer),
    )
    @action(detail=True, **FORMS)
    def monthly(self, request: Request, pk: str) -> HttpResponseBase:
        result = result_of(self.get_object(), "equity")
        stored, data = table_of(result, "equity"), result.manifest["data"]
        columns = monthly_columns(
            stored["time"],
            stored["equity"],
            (_ms(data["start"]), _ms(data["end"])),
            always_open=data.get("days_per_year", ALWAYS_OPEN) == ALWAYS_OPEN,
        )
        file = self._file(columns)
        return columnar_response(columns) if file is None else file

    @extend_schema(
        summary="Drawdowns, the deepest first",
        description="Pages in JSON; a file holds every drawdown that lasted more than "
        "one bar.",
        parameters=PAGE,
        examples=[TABLES_PURGED],
        responses=forms(page_serializer(DrawdownSerializer)),
    )
    @action(detail=True, **FORMS)
    def drawdowns(self, request: Request, pk: str) -> HttpResponseBase:
        stored = table_of(result_of(self.get_object(), "equity"), "equity")
        columns = drawdown_columns(stored["time"], stored["equity"])
        if (file := self._file(columns)) is not None:
            return file
        return Response(
            page_of_rows(
                request,
                len(columns["depth"]),
                lambda a, b: drawdown_dicts(columns, a, b),
            )
        )

    @extend_schema(
        summary="All that is needed to make the result again",
        description="A file holds one row per value, with the path to it as its key.",
        responses=forms(dict),
    )
    @action(detail=True, **FORMS)
    def manifest(self, request: Request, pk: str) -> HttpResponseBase:
        manifest = result_of(self.get_object()).manifest
        file = self._file(document_file(manifest))
        return Response(manifest) if file is None else file

    @extend_schema(
        summary="What to know before believing the result",
        description="Every check answers; `checks/definitions/` says what each means.",
        responses=forms(ChecksSerializer),
    )
    @action(detail=True, **FORMS)
    def checks(self, request: Request, pk: str) -> HttpResponseBase:
        found = result_of(self.get_object()).checks
        file = self._file(finding_file(found))
        if file is not None:
            return file
        return Response({"summary": summary(found), "results": found})

    def _file(
        self, columns: Table, named: Callable[[Table], Table] = lambda columns: columns
    ) -> HttpResponseBase | None:
        """Return the whole table as the file that was asked for; None for JSON."""
        renderer = self.request.accepted_renderer
        if not isinstance(renderer, FileRenderer):
            return None
        refuse_pages(self.request)
        name = f"backtest-{self.kwargs['pk']}-{self.action}"
        return file_response(renderer, named(columns), name)


def _ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
