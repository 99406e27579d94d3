"""How far candles can be trusted: what is missing, still or torn, and a grade.

The grade is the worst of five parts, each the share of bars that it concerns:

==========  =========  ========  ========  ========  ========  ===========
part        A up to    B         C         D         E         F beyond
==========  =========  ========  ========  ========  ========  ===========
missing     0.1 %      0.5 %     2 %       5 %       15 %      (of expected)
flat        1 %        5 %       10 %      25 %      50 %
no volume   1 %        5 %       10 %      25 %      50 %
spikes      none       0.001 %   0.01 %    0.1 %     1 %
violations  none       none      0.01 %    0.1 %     1 %
==========  =========  ========  ========  ========  ========  ===========

* missing: bars that the market's calendar leads to expect; holidays do not count.
* flat: bars of runs of at least ``RUN_BARS`` that all stand at one price.
* no volume: bars of such runs without a trade. A series that has no volume at all (an
  index, a currency pair) is not judged by it.
* spikes: a close that leaps by more than ``SPIKE_SIGMAS`` robust standard deviations
  (1.4826 times the median absolute deviation of the log returns). It is a *spike* where
  the next close leaps back, and to more than 1.2 times the price or less than its
  reciprocal; a *step* where it stays, as prices not adjusted for a split do, and is
  beyond 1.4, which no bar of a crash that we know reached.
* violations: bars that no market can have made (a high below the close, a price that is
  not a positive number). Imports refuse such rows.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.gaps import Holes, find_holes
from marketdata.ohlcv import Ohlcv
from marketdata.sessions import Schedule, sessions_of
from marketdata.timeframes import Timeframe

RUN_BARS = 5
SPIKE_SIGMAS = 25.0
# As log returns.
SPIKE_FLOOR = float(np.log(1.2))
STEP_FLOOR = float(np.log(1.4))
# The median absolute deviation of a normal distribution is this part of its sigma.
MAD_TO_SIGMA = 1.4826
# Of each kind of place, as many are listed; all are counted.
LISTED = 200

GRADES = "ABCDEF"
LIMITS: dict[str, tuple[float, ...]] = {
    "missing": (1e-3, 5e-3, 2e-2, 5e-2, 0.15),
    "flat": (1e-2, 5e-2, 0.1, 0.25, 0.5),
    "no_volume": (1e-2, 5e-2, 0.1, 0.25, 0.5),
    "spikes": (0.0, 1e-5, 1e-4, 1e-3, 1e-2),
    "violations": (0.0, 0.0, 1e-4, 1e-3, 1e-2),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Bars in a row that are worth a look: those that open in [start, end)."""

    start: str
    end: str
    bars: int
    kind: str


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What a check found; ``*_bars`` count bars, the plain names count places.

    ``coverage`` is the share of the expected bars that are there. The lists hold the
    longest ``LISTED`` places of each sort, in order of time.
    """

    grade: str
    grades: dict[str, str]
    bars: int
    expected_bars: int
    coverage: float
    gaps: int
    missing_bars: int
    holidays: int
    holiday_bars: int
    flat_runs: int
    flat_bars: int
    has_volume: bool
    no_volume_runs: int
    no_volume_bars: int
    spikes: int
    violations: int
    sigma: float
    listed: dict[str, tuple[Place, ...]]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check(
    ohlcv: Ohlcv, timeframe: Timeframe, calendar: str | Schedule
) -> QualityReport:
    """Judge candles, against a 24/7 calendar or that of an exchange."""
    sessions = sessions_of(ohlcv.time, timeframe, calendar)
    holes = find_holes(ohlcv.time, sessions)
    flat = _runs(_is_flat(ohlcv))
    traded = ohlcv.volume > 0
    silent = _runs(~traded) if traded.any() else _NO_RUNS
    sigma, leaps, kinds = _spikes(ohlcv)
    broken = np.flatnonzero(_is_broken(ohlcv))
    bars, gaps = len(ohlcv), holes.gaps
    expected = bars + gaps.missing_bars
    counts = {
        "missing": gaps.missing_bars / max(1, expected),
        "flat": _bars_of(flat) / max(1, bars),
        "no_volume": _bars_of(silent) / max(1, bars),
        "spikes": len(leaps) / max(1, bars),
        "violations": len(broken) / max(1, bars),
    }
    grades = {part: _grade(share, LIMITS[part]) for part, share in counts.items()}
    return QualityReport(
        grade=max(grades.values()),
        grades=grades,
        bars=bars,
        expected_bars=expected,
        coverage=bars / max(1, expected),
        gaps=gaps.places,
        missing_bars=gaps.missing_bars,
        holidays=int(holes.holiday.sum()),
        holiday_bars=int(holes.missing[holes.holiday].sum()),
        flat_runs=len(flat),
        flat_bars=_bars_of(flat),
        has_volume=bool(traded.any()),
        no_volume_runs=len(silent),
        no_volume_bars=_bars_of(silent),
        spikes=len(leaps),
        violations=len(broken),
        sigma=sigma,
        listed={
            "gaps": _listed_holes(holes),
            "flat": _listed_runs(ohlcv, timeframe, flat, "flat"),
            "no_volume": _listed_runs(ohlcv, timeframe, silent, "no_volume"),
            "spikes": _listed_bars(ohlcv, timeframe, leaps, kinds),
            "violations": _listed_bars(
                ohlcv, timeframe, broken, np.full(len(broken), "violation")
            ),
        },
    )


_NO_RUNS = np.empty((0, 2), np.int64)


def _grade(share: float, limits: tuple[float, ...]) -> str:
    return GRADES[int(np.searchsorted(limits, share))]


def _is_flat(ohlcv: Ohlcv) -> NDArray[np.bool_]:
    """Say which bars stand at the close of the bar before."""
    still: NDArray[np.bool_] = ohlcv.high == ohlcv.low
    still[1:] &= ohlcv.close[1:] == ohlcv.close[:-1]
    return still


def _is_broken(ohlcv: Ohlcv) -> NDArray[np.bool_]:
    # Compared so that a NaN, which is not equal to anything, is broken as well.
    whole: NDArray[np.bool_] = (ohlcv.low > 0) & (ohlcv.high < np.inf)
    whole &= ~(ohlcv.volume < 0)
    for price in (ohlcv.open, ohlcv.close):
        whole &= (ohlcv.low <= price) & (price <= ohlcv.high)
    return ~whole


def _runs(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return [start, stop) of each run of at least ``RUN_BARS`` marked bars."""
    edges = np.flatnonzero(np.diff(marked, prepend=False, append=False))
    runs = edges.reshape(-1, 2)
    return runs[runs[:, 1] - runs[:, 0] >= RUN_BARS]


def _bars_of(runs: NDArray[np.int64]) -> int:
    return int((runs[:, 1] - runs[:, 0]).sum())


def _spikes(ohlcv: Ohlcv) -> tuple[float, NDArray[np.int64], NDArray[np.str_]]:
    """Return the robust sigma, the bars that leap, and which leap they make."""
    nothing = np.empty(0, np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        returns = np.diff(np.log(ohlcv.close))
    returns[~np.isfinite(returns)] = 0.0
    if len(returns) == 0:
        return 0.0, nothing, nothing.astype(np.str_)
    # About zero, which the median return of a bar is next to nothing away from.
    sigma = MAD_TO_SIGMA * float(np.median(np.abs(returns)))
    size = np.abs(returns)
    leap = size > max(SPIKE_SIGMAS * sigma, SPIKE_FLOOR)
    back = np.zeros(len(returns), np.bool_)
    back[1:] = leap[1:] & leap[:-1]
    back[1:] &= np.abs(returns[:-1] + returns[1:]) < size[:-1] / 2
    # The leap back belongs to the spike before it: they are one place.
    back[1:] &= ~back[:-1]
    spike = np.append(back[1:], False)
    found = np.flatnonzero(spike | (leap & ~back & (size > STEP_FLOOR)))
    return sigma, found + 1, np.where(spike[found], "spike", "step")


def _listed_holes(holes: Holes) -> tuple[Place, ...]:
    kinds = np.where(holes.holiday, "holiday", "gap")
    return _places(holes.start, holes.end, holes.missing, kinds)


def _listed_runs(
    ohlcv: Ohlcv, timeframe: Timeframe, runs: NDArray[np.int64], kind: str
) -> tuple[Place, ...]:
    start, end = ohlcv.time[runs[:, 0]], ohlcv.time[runs[:, 1] - 1] + timeframe.ms
    return _places(start, end, runs[:, 1] - runs[:, 0], np.full(len(runs), kind))


def _listed_bars(
    ohlcv: Ohlcv,
    timeframe: Timeframe,
    bars: NDArray[np.int64],
    kinds: NDArray[np.str_],
) -> tuple[Place, ...]:
    start = ohlcv.time[bars]
    return _places(start, start + timeframe.ms, np.ones(len(bars), np.int64), kinds)


def _places(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    bars: NDArray[np.int64],
    kinds: NDArray[np.str_],
) -> tuple[Place, ...]:
    kept = np.sort(np.argsort(-bars, kind="stable")[:LISTED])
    rows = zip(
        _iso(start[kept]),
        _iso(end[kept]),
        bars[kept].tolist(),
        kinds[kept].tolist(),
        strict=True,
    )
    return tuple(Place(*row) for row in rows)


def _iso(time_ms: NDArray[np.int64]) -> list[str]:
    moments = time_ms.astype("datetime64[ms]")
    return [str(t) for t in np.datetime_as_string(moments, unit="s", timezone="UTC")]
