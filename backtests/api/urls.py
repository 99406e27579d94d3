"""The backtests part of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backtests.api.check_definitions import CheckDefinitionsView
from backtests.api.comparisons import ComparisonViewSet
from backtests.api.metric_definitions import MetricDefinitionsView
from backtests.api.report import ReportViewSet
from backtests.api.results import ResultViewSet
from backtests.api.verification import VerificationViewSet
from backtests.api.views import BacktestViewSet

router = SimpleRouter()
router.register("backtests", BacktestViewSet, basename="backtest")
router.register("backtests", ResultViewSet, basename="backtest-result")
router.register("backtests", ReportViewSet, basename="backtest-report")
router.register("backtests", VerificationViewSet, basename="verification")
router.register("comparisons", ComparisonViewSet, basename="comparison")
urlpatterns = [
    path("checks/definitions/", CheckDefinitionsView.as_view()),
    path("metrics/definitions/", MetricDefinitionsView.as_view()),
    *router.urls,
]
