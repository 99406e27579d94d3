"""The report of anybody's backtest, for operators."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from backtests.reporting import report_data
from backtests.reports import render_report, report_policy
from botforge.errors import BotForgeError


def report_response(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page, or go back to the backtest's with why there is none."""
    backtest = model_admin.get_queryset(request).filter(pk=pk).first()
    if not model_admin.has_view_permission(request, backtest):
        raise PermissionDenied
    if backtest is None:
        raise Http404
    try:
        html = render_report(report_data(backtest))
    except BotForgeError as error:
        model_admin.message_user(request, error.detail, messages.WARNING)
        url = reverse("admin:backtests_backtest_change", args=[pk])
        return HttpResponseRedirect(url)
    # The page's own policy lets it run its script, and nothing else.
    return HttpResponse(html, headers={"Content-Security-Policy": report_policy()})
