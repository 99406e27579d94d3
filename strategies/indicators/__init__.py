"""Indicators: pure functions from arrays to arrays, TA-Lib's where it has them."""

import sys
from types import ModuleType

FRAMES = ("pandas", "polars")


def _load_talib_alone() -> None:
    """Import TA-Lib's wrapper while it cannot see the data frame libraries.

    It imports them only to accept their columns, which nobody here gives it; pandas
    alone is a second of every start of every process.
    """
    hidden: dict[str, ModuleType | None] = {}
    for name in FRAMES:
        if name in sys.modules:
            hidden[name] = sys.modules[name]
        sys.modules[name] = None  # type: ignore[assignment] # Python's way to say "absent"
    try:
        __import__("talib")
    finally:
        for name in FRAMES:
            del sys.modules[name]
        sys.modules.update(hidden)  # type: ignore[arg-type] # as it was


_load_talib_alone()
