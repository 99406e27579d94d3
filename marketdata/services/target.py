"""The series that candles belong to."""

from dataclasses import dataclass, replace

from botforge.errors import InvalidInput
from marketdata.timeframes import Timeframe


@dataclass(frozen=True, slots=True)
class Target:
    """Where candles are from, what they are of, and how long a bar is."""

    source: str
    symbol: str
    timeframe: Timeframe

    @classmethod
    def of(cls, source: str, symbol: str, timeframe: str) -> "Target":
        """Check the names; ``InvalidInput`` names the one that does not fit."""
        # Changed first, because letters such as ß grow when their case changes.
        names = {"source": source.strip().lower(), "symbol": symbol.strip().upper()}
        for name, value in names.items():
            if not value or len(value) > 40 or not value.isprintable():
                raise InvalidInput.field(
                    name, "invalid_name", f"Give a {name} of 1 to 40 characters."
                )
            if value[0] in "=+@-":
                # A spreadsheet would run it as a formula when it is exported.
                raise InvalidInput.field(
                    name, "invalid_name", f"Begin the {name} with a letter or digit."
                )
        return cls(**names, timeframe=Timeframe.parse(timeframe))

    def anchored(self, anchor_ms: int) -> "Target":
        """Return the same with bars that open so long after a full one."""
        return replace(self, timeframe=replace(self.timeframe, anchor_ms=anchor_ms))
