"""What a provider of candles is, and how it fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from botforge.errors import NotAvailable
from marketdata.cleaning import RawCandles
from marketdata.timeframes import Timeframe


class ProviderError(NotAvailable):
    """Raised when a provider refuses, and would refuse again."""

    code = "provider_refused"


class TemporaryError(ProviderError):
    """Raised when the same request may well succeed a moment later.

    ``retry_after`` is the provider's own wish in seconds, None without one.
    """

    code = "provider_unavailable"

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class IncompleteError(TemporaryError):
    """Raised for an answer that leaves out what there must be."""

    code = "incomplete"


@dataclass(frozen=True, slots=True)
class Somewhere:
    """There is at least one bar that opens in [from_ms, until_ms)."""

    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Window:
    """The bars of one instrument that open in [start_ms, end_ms)."""

    symbol: str
    timeframe: Timeframe
    start_ms: int
    end_ms: int


class Provider(Protocol):
    """A source of candles over the network. One object serves one fetch.

    ``name`` is what the user calls it, ``source`` the source of the series that its
    candles go to, ``adjustment`` a value of ``Series.Adjustment``.
    """

    @property
    def adjustments(self) -> Mapping[str, str]:
        """The provider's names by how each adjusts its prices, its own among them."""
        ...

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def adjustment(self) -> str: ...

    @property
    def timeframes(self) -> tuple[str, ...]:
        """The timeframes of ours that it has, known without a request."""
        ...

    @property
    def pause_seconds(self) -> float:
        """How long to wait between requests, where its library does not."""
        ...

    def earliest_ms(self, timeframe: Timeframe, now_ms: int) -> int:
        """Return the earliest time it can have, known without a request."""
        ...

    def page_bars(self, symbol: str, timeframe: Timeframe) -> int:
        """Return how many bars one request can be answered with."""
        ...

    def fetch(self, window: Window) -> RawCandles:
        """Send one request, and return what it was answered with, unjudged.

        The rows may begin later than asked, end earlier, or lie outside the window.
        Raises ``TemporaryError`` for what may be retried, else ``ProviderError``.
        """
        ...

    def next_bars(self, window: Window) -> Somewhere | None:
        """Return where the first bars are, as longer bars tell; None without any.

        For a window that was answered with nothing.
        """
        ...

    def calendar(self, symbol: str) -> str:
        """Return the calendar of the instrument (see ``markets``), as its last answer
        said."""
        ...
