"""How long the bars of a file are: what is said, what the times tell, and the name."""

import numpy as np
from numpy.typing import NDArray

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles, time_is_sane
from marketdata.counting import count, count_months
from marketdata.formats.refusing import refusal
from marketdata.services.naming import Names
from marketdata.services.prepared import Prepared
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
SHORTEST = Timeframe.parse(CODES[0])
TOO_SHORT = "its bars are {} apart, and a minute is the least; import minutes instead"


def timeframe_of(raw: RawCandles, names: Names, into: Prepared) -> Timeframe:
    """Return the length of the bars; ``InvalidInput`` where it is not known, or cannot
    be stored, as months cannot.
    """
    said, content = names.said.timeframe, names.facts.timeframe
    usual = _usual_step(raw.opens)
    monthly = usual is not None and MONTH_MS[0] <= usual <= MONTH_MS[1]
    if said in MONTHS or (said is None and monthly):
        into.timeframe, into.counts = MONTHS[0], count_months(raw)
        raise refusal("monthly", MONTHLY)
    if said is None and usual is not None and usual < SHORTEST.ms:
        length = Timeframe(int(usual), f"{usual / 1000:g}s")
        into.timeframe, into.counts = length.code, count(raw, length)
        raise refusal("too_short", TOO_SHORT.format(length))
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


def check_spacing(opens: NDArray[np.float64], timeframe: Timeframe) -> None:
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
