"""Everything under /api/v1/."""

from django.urls import include, path, re_path
from django.views.decorators.csp import csp_override
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from botforge.api.not_found import NotFoundView
from botforge.api.views import LiveView, ReadyView

# Swagger UI styles its widgets inline and draws its icons from data URLs.
SWAGGER_CSP = {
    "default-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}

urlpatterns = [
    path("health/live/", LiveView.as_view()),
    path("health/ready/", ReadyView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/",
        csp_override(SWAGGER_CSP)(
            SpectacularSwaggerSplitView.as_view(url_name="schema")
        ),
        name="docs",
    ),
    path("", include("accounts.api.urls")),
    path("", include("marketdata.api.urls")),
    path("", include("strategies.api.urls")),
    path("", include("backtests.api.urls")),
    re_path("", NotFoundView.as_view()),
]
