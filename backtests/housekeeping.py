"""What has to be done now and then, as jobs."""

from django.core.management import call_command

from backtests.services.recovery import recover_backtests
from backtests.services.retention import purge_outdated_results
from backtests.services.verification_recovery import recover_verifications
from botforge.idempotency import answers_purge


def sweep() -> None:
    """Queue backtests and verifications again that lost their job."""
    recover_backtests()
    recover_verifications()


def tidy() -> None:
    """Delete what has expired: sessions, tokens, idempotent answers, old tables."""
    call_command("clearsessions")
    call_command("flushexpiredtokens")
    answers_purge()
    purge_outdated_results()
