"""What has to be done now and then, as jobs."""

from django.core.management import call_command

from backtests.services.recovery import recover_backtests


def sweep() -> None:
    """Queue backtests again that lost their job."""
    recover_backtests()


def tidy() -> None:
    """Delete sessions and refresh tokens that have expired."""
    call_command("clearsessions")
    call_command("flushexpiredtokens")
