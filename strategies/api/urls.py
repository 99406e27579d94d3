"""The strategies part of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from strategies.api.language_views import LanguageView, ValidateView
from strategies.api.library_views import LibraryStrategyView, LibraryView
from strategies.api.version_views import StrategyVersionsView
from strategies.api.views import StrategyViewSet

router = SimpleRouter()
router.register("strategies", StrategyViewSet, basename="strategy")

urlpatterns = [
    path("strategies/validate/", ValidateView.as_view()),
    *router.urls,
    path("strategies/<int:pk>/versions/", StrategyVersionsView.as_view()),
    path("strategy-language/", LanguageView.as_view()),
    path("strategy-library/", LibraryView.as_view()),
    path("strategy-library/<slug:slug>/", LibraryStrategyView.as_view()),
]
