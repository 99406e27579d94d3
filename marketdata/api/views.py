"""Market data over REST: read only."""

from dataclasses import asdict

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from botforge.api.columns import ColumnarSerializer, columnar
from botforge.api.headers import FILENAME
from botforge.api.listing import StrictFilters, StrictOrdering
from botforge.api.tables import (
    SERIES_RENDERERS,
    CsvRenderer,
    FileRenderer,
    ParquetRenderer,
    file_response,
    query_without_form,
)
from marketdata.api.filters import InstrumentFilter, SeriesFilter
from marketdata.api.serializers import (
    CandleQuerySerializer,
    CorporateActionSerializer,
    InstrumentSerializer,
    QualitySerializer,
    SeriesSerializer,
)
from marketdata.cache import cached_page
from marketdata.models import Instrument, Series
from marketdata.selectors import (
    MAX_DOWNLOAD,
    CandleQuery,
    actions_of,
    candle_window,
    instrument_list,
    quality_of,
    series_list,
)

CANDLES = {
    (200, "application/json"): ColumnarSerializer,
    (200, CsvRenderer.media_type): OpenApiTypes.STR,
    (200, ParquetRenderer.media_type): OpenApiTypes.BINARY,
}


@extend_schema(tags=["market data"])
@extend_schema_view(list=extend_schema(summary="List instruments"))
class InstrumentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Instrument]):
    serializer_class = InstrumentSerializer
    filterset_class = InstrumentFilter
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "source", "symbol")
    ordering = ("id",)
    queryset = Instrument.objects.none()

    def get_queryset(self) -> QuerySet[Instrument]:
        return instrument_list(self.request.user)


@extend_schema(tags=["market data"])
@extend_schema_view(
    list=extend_schema(summary="List series"),
    retrieve=extend_schema(summary="Show a series"),
)
class SeriesViewSet(viewsets.ReadOnlyModelViewSet[Series]):
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilter
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "bars", "first", "last")
    ordering = ("id",)
    queryset = Series.objects.none()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Series]:
        return series_list(self.request.user)

    @extend_schema(
        summary="Candles of a series",
        description="Columns of candles. On a higher timeframe, `complete` says which "
        "bars have all their parts.",
        parameters=[CandleQuerySerializer, FILENAME],
        responses=CANDLES,
    )
    @action(
        detail=True,
        filterset_class=None,
        pagination_class=None,
        renderer_classes=SERIES_RENDERERS,
    )
    def candles(self, request: Request, pk: str) -> HttpResponseBase:
        shape = CandleQuerySerializer(data=query_without_form(request))
        shape.is_valid(raise_exception=True)
        query = CandleQuery(**shape.validated_data)
        series = self.get_object()
        renderer = request.accepted_renderer
        if isinstance(renderer, FileRenderer):
            window = candle_window(series, query, limit=MAX_DOWNLOAD)
            return file_response(renderer, window.columns(), str(series))
        page = cached_page(
            lambda: _key(series, query), lambda: _rendered(series, query)
        )
        return HttpResponse(page, content_type="application/json")

    @extend_schema(summary="Quality of a series", responses=QualitySerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def quality(self, request: Request, pk: str) -> Response:
        return Response(QualitySerializer(quality_of(self.get_object())).data)

    @extend_schema(
        summary="Splits and dividends of a series",
        description="In order of time, and apart from the prices; the series' "
        "`adjustment` says which of them the prices are adjusted for.",
        responses=CorporateActionSerializer(many=True),
    )
    @action(
        detail=True,
        url_path="corporate-actions",
        filterset_class=None,
        pagination_class=None,
    )
    def corporate_actions(self, request: Request, pk: str) -> Response:
        rows = actions_of(self.get_object())
        return Response(CorporateActionSerializer(rows, many=True).data)


def _key(series: Series, query: CandleQuery) -> str:
    """Return the name of a page: equal names mean equal pages."""
    wanted = "|".join(str(value) for value in asdict(query).values())
    calendar = series.instrument.calendar
    return f"candles:{series.content_hash}|{series.timeframe}|{calendar}|{wanted}"


def _rendered(series: Series, query: CandleQuery) -> bytes:
    rendered: bytes = JSONRenderer().render(
        columnar(candle_window(series, query).columns())
    )
    return rendered
