"""Timeframes: the length of a bar, and where on the clock it starts."""

from dataclasses import dataclass

from botforge.errors import FieldError, InvalidInput

MINUTE_MS = 60_000
DAY_MS = 86_400_000
# 1970-01-01 was a Thursday; weekly bars open on Monday, four days later.
WEEK_ORIGIN_MS = 4 * DAY_MS

_MINUTES = {
    "1m": 1,
    "3m": 3,
    "5m": 5,
    "15m": 15,
    "30m": 30,
    "1h": 60,
    "2h": 120,
    "4h": 240,
    "6h": 360,
    "8h": 480,
    "12h": 720,
    "1d": 1440,
    "3d": 4320,
    "1w": 10080,
}
CODES = tuple(_MINUTES)


@dataclass(frozen=True, slots=True, order=True)
class Timeframe:
    """The length of a bar, in milliseconds, with its usual name.

    ``anchor_ms`` is how long after a full one a bar opens: half an hour for the hours
    of a market that opens at half past.
    """

    ms: int
    code: str
    anchor_ms: int = 0

    @classmethod
    def parse(cls, code: str, anchor_ms: int = 0) -> "Timeframe":
        """Return the timeframe called ``code``; ``InvalidInput`` names the choices."""
        if code not in _MINUTES:
            known = ", ".join(CODES)
            raise InvalidInput(
                FieldError(
                    "/timeframe",
                    "unknown_timeframe",
                    f"“{code}” is not a timeframe; use one of {known}.",
                )
            )
        return cls(_MINUTES[code] * MINUTE_MS, code, anchor_ms)

    @property
    def seconds(self) -> int:
        return self.ms // 1000

    @property
    def origin_ms(self) -> int:
        """A moment at which a bar opens, from which all others follow."""
        return self.anchor_ms + (WEEK_ORIGIN_MS if self.code == "1w" else 0)

    def floor(self, time_ms: int) -> int:
        """Return the open time of the bar that contains ``time_ms``."""
        return time_ms - (time_ms - self.origin_ms) % self.ms

    def ceil(self, time_ms: int) -> int:
        """Return the open time of the first bar that opens at ``time_ms`` or later."""
        return self.floor(time_ms + self.ms - 1)

    def bars_per_year(self, days_per_year: int = 365) -> float:
        """Return how many bars a year of ``days_per_year`` full days has."""
        return days_per_year * DAY_MS / self.ms

    def __str__(self) -> str:
        return self.code
