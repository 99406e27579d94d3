"""A file made ready to be stored: which series it is of, and which rows are candles."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from botforge.errors import InvalidInput
from marketdata.cleaning import Cleaned, RawCandles, clean, time_is_sane
from marketdata.counting import Counts, count, count_months
from marketdata.formats.base import Facts, Progress
from marketdata.formats.detection import detect
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source
from marketdata.formats.wishes import Wishes
from marketdata.services.target import Target
from marketdata.timeframes import CODES, DAY_MS, Timeframe

# The share of steps from which the usual one is the file's timeframe.
REGULAR = 0.9
# Fewer steps than this may be gaps that happen to be alike.
ENOUGH = 5
BY_MS = {Timeframe.parse(code).ms: code for code in CODES}
MONTHS = ("1mo", "1M")
MONTH_MS = (28 * DAY_MS, 31 * DAY_MS)
MONTHLY = (
    "its bars are months, which have no fixed length and cannot be stored; import "
    "daily bars instead"
)
BY_DATE = "a day is stored under its date on the exchange, not the date in UTC"


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says of a file; None is for the file to say."""

    symbol: str | None = None
    timeframe: str | None = None
    source: str | None = None
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(slots=True)
class Prepared:
    """What is known of a file so far; all of it once it is ready."""

    format: str | None = None
    facts: Facts = field(default_factory=Facts)
    symbol: str | None = None
    timeframe: str | None = None
    counts: Counts | None = None
    cleaned: Cleaned | None = None
    target: Target | None = None
    notes: list[str] = field(default_factory=list)


def prepare(
    source: Source, said: Said, now: datetime, progress: Progress, into: Prepared
) -> tuple[Target, Cleaned]:
    """Fill ``into`` step by step, so that a refusal leaves what was found before it.

    Raises ``InvalidInput`` when the file holds no candles, or does not tell of what.
    """
    found = detect(source, said.wishes)
    into.format, into.facts = found.name, found.facts
    into.notes += found.facts.notes
    table = found.read(progress)
    into.notes += table.remarks
    raw = table.raw
    symbol = table.symbol or found.facts.symbol
    if len(raw.time) == 0:
        into.counts = Counts.nothing()
        raise refusal("no_candles", "the file holds no candles; fetch it again")
    names = _Names(said, replace(found.facts, symbol=symbol))
    into.symbol = said.symbol or symbol
    timeframe = _timeframe(raw, names, into)
    into.timeframe = timeframe.code
    raw = _on_the_grid(raw, timeframe, into, closes=table.labels_close)
    into.counts = count(raw, timeframe)
    _check_spacing(raw.opens, timeframe)
    into.cleaned = clean(raw, timeframe, int(now.timestamp() * 1000))
    into.target = Target.of(
        names.choose("source", into), names.choose("symbol", into), timeframe.code
    )
    into.symbol = into.target.symbol
    if len(into.cleaned.ohlcv) == 0:
        raise refusal("no_candles", _nothing_left(into.cleaned))
    return into.target, into.cleaned


@dataclass(frozen=True, slots=True)
class _Names:
    """What the user says against what the file says."""

    said: Said
    facts: Facts

    def choose(self, field: str, into: Prepared) -> str:
        """Return the user's word, else the content's, else that of the file's name."""
        said: str | None = getattr(self.said, field)
        content: str | None = getattr(self.facts, field)
        if field == "symbol" and said and content and _plain(said) != _plain(content):
            raise InvalidInput.field(
                field, "other_symbol", f"it holds {content}, not {said}; say which"
            )
        if said is not None or content is not None:
            return said if said is not None else str(content)
        suggested = self.facts.suggested.get(field)
        if suggested is None:
            raise InvalidInput.field(
                field,
                "required",
                f"it does not tell its {field}; give it with --{field}"
                + self._choices(field, into),
            )
        into.notes.append(f"the {field} {suggested} is taken from the file name")
        return suggested

    def _choices(self, field: str, into: Prepared) -> str:
        if field == "source" and into.format == "binance_vision_klines":
            return (
                " (binance or binance-futures: their files of before 2025 look alike)"
            )
        return ""


def _plain(symbol: str) -> str:
    return "".join(letter for letter in symbol.upper() if letter.isalnum())


def _timeframe(raw: RawCandles, names: _Names, into: Prepared) -> Timeframe:
    said, content = names.said.timeframe, names.facts.timeframe
    usual = _usual_step(raw.opens)
    monthly = usual is not None and MONTH_MS[0] <= usual <= MONTH_MS[1]
    if said in MONTHS or (said is None and monthly):
        into.timeframe, into.counts = MONTHS[0], count_months(raw)
        raise refusal("monthly", MONTHLY)
    if said is not None:
        if content is not None and content != said:
            Timeframe.parse(said)
            raise _other_timeframe(content, said)
        return Timeframe.parse(said)
    inferred = content or (BY_MS.get(int(usual)) if usual is not None else None)
    code = inferred or names.facts.suggested.get("timeframe")
    if code is None:
        if len(np.unique(raw.time)) == 1:
            # A single bar has no gap, however long it is.
            into.counts = count(raw, Timeframe.parse(CODES[0]))
        raise InvalidInput.field(
            "timeframe",
            "required",
            "its times do not tell how long a bar is; give it with --timeframe",
        )
    if inferred is None:
        into.notes.append(f"the timeframe {code} is taken from the file name")
    return Timeframe.parse(code)


def _usual_step(opens: NDArray[np.float64]) -> float | None:
    """Return the step that most bars are apart, None where there is no such step.

    Where trades are rare most steps are wider, but each is a multiple of the usual.
    """
    steps = np.abs(np.diff(opens[time_is_sane(opens)]))
    steps = steps[steps > 0]
    if not len(steps):
        return None
    sizes, counts = np.unique(steps, return_counts=True)
    usual = float(sizes[np.argmax(counts)])
    multiple = bool((sizes % usual == 0).all())
    if multiple or counts.max() > len(steps) / 2:
        return usual
    median = float(np.median(steps))
    return median if MONTH_MS[0] <= median <= MONTH_MS[1] else None


def _on_the_grid(
    raw: RawCandles, timeframe: Timeframe, into: Prepared, *, closes: bool
) -> RawCandles:
    """Return open times for labels of closes; dates only where bars are days."""
    if closes:
        # The last millisecond of a bar is that before the next one's open.
        after = np.where(raw.time % 1000 == 999, raw.time + 1, raw.time)
        raw = replace(raw, time=after - timeframe.ms)
    if raw.day is not None and timeframe.ms % DAY_MS:
        return replace(raw, day=None)
    if raw.day is not None:
        into.notes.append(BY_DATE)
    return raw


def _check_spacing(opens: NDArray[np.float64], timeframe: Timeframe) -> None:
    """Refuse a file whose bars are plainly of another timeframe.

    Wide steps alone prove nothing: where trades are rare, most bars are missing.
    """
    steps = np.abs(np.diff(opens[time_is_sane(opens)]))
    steps = steps[steps > 0]
    if len(steps) == 0:
        return
    usual = float(np.median(steps))
    apart = BY_MS.get(int(usual))
    regular = (steps % usual == 0).mean() > REGULAR
    telling = len(steps) >= ENOUGH or apart is not None
    if usual < timeframe.ms or (usual > timeframe.ms and regular and telling):
        raise _other_timeframe(apart or f"{usual / 1000:g} seconds", timeframe.code)


def _other_timeframe(apart: str, said: str) -> InvalidInput:
    remedy = f"; import it as timeframe {apart}" if apart in CODES else ""
    return InvalidInput.field(
        "timeframe",
        "other_timeframe",
        f"the file's bars are {apart} apart, not {said}{remedy}",
    )


def _nothing_left(cleaned: Cleaned) -> str:
    reasons = ", ".join(f"{n} {reason}" for reason, n in cleaned.rejected.items())
    return (
        f"none of the {cleaned.rows} rows is a candle: {reasons}; check its columns "
        "and its timeframe"
    )
