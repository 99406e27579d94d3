"""What the commands on stored series have in common: which one, and "are you sure"."""

import sys
from getpass import getuser

from django.core.management.base import CommandError

from marketdata.models import Series

HELP = "its id, or source:symbol:timeframe, e.g. binance:BTC/USDT:1h"


def series_named(name: str) -> Series:
    """Return a series by id or names, whoever owns it."""
    rows = Series.objects.select_related("instrument")
    if name.isascii() and name.isdigit() and len(name) < 19:
        found = rows.filter(pk=int(name))
    else:
        source, _, rest = name.partition(":")
        symbol, _, timeframe = rest.rpartition(":")
        found = rows.filter(
            instrument__source=source.lower(),
            instrument__symbol=symbol.upper(),
            timeframe=timeframe,
        )
    matches = list(found[:2])
    if len(matches) > 1:
        raise CommandError(f"Several users have a series “{name}”: give its id.")
    if not matches:
        raise CommandError(f"There is no series “{name}”: give {HELP}.")
    return matches[0]


def actor() -> str:
    """Return who is at the keyboard, for the audit line."""
    try:
        return f"command by {getuser()}"
    except (KeyError, OSError):
        # A container's user may have no name.
        return "command"


def confirm(question: str, *, yes: bool) -> None:
    """Go on only with --yes, or when somebody at a terminal types yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"{question} Say so with --yes.")
    if input(f"{question} Type yes to go on: ").strip() != "yes":
        raise CommandError("Nothing was changed.")
