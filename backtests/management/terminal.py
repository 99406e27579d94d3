"""How commands print to a terminal, and to what is none."""

import argparse
from typing import Any

from rich.console import Console

# Of a pipe, which has no width of its own.
WIDTH = 120


def console_of(stdout: Any) -> Console:
    """Return a console on a command's output: coloured and as wide as its terminal."""
    terminal = stdout.isatty()
    return Console(file=stdout, highlight=False, width=None if terminal else WIDTH)


def whole_days(text: str) -> int:
    """Return an option's number of days; for ``add_argument(type=...)``."""
    if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError("give a whole number of days, from 1 to 99999")
