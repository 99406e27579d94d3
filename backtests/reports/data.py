"""What a report is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botforge.arrow import Table
from marketdata.ohlcv import Ohlcv


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was tested, in the words of those who will read about it.

    ``number`` is the backtest's id, None for a run that was never stored. ``origin``
    says where the strategy comes from, ``about`` what it does, in a sentence;
    ``parameters`` are in the order in which it declares them.
    """

    number: int | None
    name: str
    notes: str
    tags: Sequence[str]
    strategy: str
    origin: str
    about: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportData:
    """Everything that a report shows.

    ``equity`` has the columns time, equity, drawdown and benchmark, the last one NaN
    where it was not stored; ``trades`` those of the API, sides and reasons as numbers.
    ``candles`` are those of the run without its warm-up, None where they have changed
    since or are gone; ``plots`` is what ``condensed`` made of the strategy's lines.
    ``notices`` are sentences about what the report cannot show.
    """

    subject: Subject
    manifest: Mapping[str, Any]
    metrics: Mapping[str, float | None]
    counters: Mapping[str, int]
    equity: Table
    trades: Table
    open_trade: Mapping[str, Any] | None
    days_per_year: int
    candles: Ohlcv | None = None
    plots: Table = field(default_factory=dict)
    checks: Sequence[Mapping[str, Any]] = ()
    trials: Mapping[str, Any] = field(default_factory=dict)
    notices: Sequence[str] = ()
