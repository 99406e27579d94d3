"""Market data in the admin: to look at; candles change by import only."""

from marketdata.admin import (
    blocks,
    imports,
    instruments,
    maintenance,
    refreshes,
    series,
)

__all__ = ["blocks", "imports", "instruments", "maintenance", "refreshes", "series"]
