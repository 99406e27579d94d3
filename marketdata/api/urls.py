"""The market data part of the API."""

from rest_framework.routers import SimpleRouter

from marketdata.api.imports import ImportViewSet
from marketdata.api.views import InstrumentViewSet, SeriesViewSet

router = SimpleRouter()
router.register("instruments", InstrumentViewSet, basename="instrument")
router.register("series", SeriesViewSet, basename="series")
router.register("imports", ImportViewSet, basename="import")
urlpatterns = router.urls
