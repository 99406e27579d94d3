"""The queue dashboard in the admin."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

PREFIX = "/admin/django_rq/"
POLICY = {
    "default-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


class QueueDashboardMiddleware:
    """Allow the dashboard's own inline script and style, and no other page's.

    Its templates come from a package that the strict policy was not written for, and
    only operators see them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.get_relaxed = csp_override(POLICY)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIX):
            return self.get_relaxed(request)
        return self.get_response(request)
