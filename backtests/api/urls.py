"""The backtests part of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backtests.api.views import BacktestViewSet, MetricDefinitionsView

router = SimpleRouter()
router.register("backtests", BacktestViewSet, basename="backtest")
urlpatterns = [
    path("metrics/definitions/", MetricDefinitionsView.as_view()),
    *router.urls,
]
