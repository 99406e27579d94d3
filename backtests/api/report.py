"""The report of a result, over REST: the one answer that is a page."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request

from backtests.api.problems import NO_RESULT, TABLES_PURGED, UNFINISHED
from backtests.models import Backtest
from backtests.reporting import report_data
from backtests.reports import render_report, report_policy
from backtests.selectors import backtests_of
from botforge.api.headers import FILENAME
from botforge.api.tables import FileRenderer


class PageRenderer(FileRenderer):
    media_type = "text/html"
    format = "html"


@extend_schema(
    tags=["backtests"],
    parameters=[FILENAME],
    examples=[UNFINISHED, NO_RESULT, TABLES_PURGED],
)
@method_decorator(gzip_page, name="dispatch")
class ReportViewSet(viewsets.GenericViewSet[Backtest]):
    queryset = Backtest.objects.none()
    lookup_value_regex = r"\d{1,18}"
    renderer_classes = (PageRenderer,)

    def get_queryset(self) -> QuerySet[Backtest]:
        owned = backtests_of(self.request.user)
        return owned.select_related("strategy_version__strategy")

    @extend_schema(
        summary="The report: a self-contained HTML page",
        description="Interactive charts, tables, checks and the whole configuration in "
        "one file that loads nothing: save it, print it, send it. Its policy lets it "
        "run its own scripts and reach nothing.",
        responses={(200, PageRenderer.media_type): OpenApiTypes.STR},
    )
    @action(detail=True)
    def report(self, request: Request, pk: str) -> HttpResponse:
        name = f"backtest-{int(pk)}.html"
        return HttpResponse(
            render_report(report_data(self.get_object())),
            content_type="text/html; charset=utf-8",
            headers={
                # Its text: a server may insist on a name that is exactly a str.
                CSP.HEADER_ENFORCE.value: report_policy(),
                "Content-Disposition": f'inline; filename="{name}"',
                "Cache-Control": "private",
            },
        )
