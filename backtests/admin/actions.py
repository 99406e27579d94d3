"""What an operator can do with backtests: each action says what happened to which."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest

from backtests.models import Backtest
from backtests.services.submission import backtest_cancel, backtest_rerun
from backtests.services.verification_submission import verification_request
from botforge.errors import BotForgeError, Conflict

PLACES = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
# Of a long selection, as many as anybody reads.
MAX_IDS = 10
OVER = "It was over already."


def _cancel(backtest: Backtest) -> None:
    active = backtest.is_active
    after = backtest_cancel(backtest=backtest)
    if not active or after.status != Backtest.Status.CANCELLED:
        raise Conflict(OVER)


def _rerun(backtest: Backtest) -> None:
    # An operator who asks for a run wants one, not the result that is known.
    backtest_rerun(backtest=backtest, cache="refresh")


def _verify(backtest: Backtest) -> None:
    verification_request(backtest=backtest, limited=False)


def _action(name: str, *, done: str, act: Callable[[Backtest], object]) -> Any:
    """Return an admin action that does one thing to each backtest, and logs it."""

    @admin.action(
        description=name.capitalize(),
        description_plural=f"{name.capitalize()} selected backtests",
        permissions=["operate"],
        location=PLACES,
    )
    def run(
        model_admin: Any, request: HttpRequest, queryset: QuerySet[Backtest]
    ) -> None:
        count = 0
        refused: dict[str, list[int]] = defaultdict(list)
        for backtest in queryset:
            try:
                act(backtest)
            except BotForgeError as error:
                refused[error.detail].append(backtest.pk)
            else:
                count += 1
                model_admin.log_change(request, backtest, f"{done.capitalize()}.")
        if count:
            model_admin.message_user(request, f"{count} {done}.", messages.SUCCESS)
        for sentence, ids in refused.items():
            text = f"{_named(ids)}: {sentence}"
            model_admin.message_user(request, text, messages.WARNING)

    run.__name__ = name
    return run


def _named(ids: Sequence[int]) -> str:
    shown = ", ".join(map(str, ids[:MAX_IDS]))
    more = f" and {len(ids) - MAX_IDS} more" if len(ids) > MAX_IDS else ""
    return f"Backtest{'s' if len(ids) > 1 else ''} {shown}{more}"


CANCEL = _action("cancel", done="cancelled", act=_cancel)
RERUN = _action("rerun", done="queued to run again", act=_rerun)
VERIFY = _action("verify", done="queued to be verified", act=_verify)
