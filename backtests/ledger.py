"""The ledger of trials: how many variants were tried, and what a result is worth then.

A *variant* is one source with its parameters and execution rules; what a user tried of
a strategy, in all its versions, on one series counts together, whether or not the
backtests are still there. The window does not: the same variant on another part of the
candles is the same idea again, and the ledger keeps its latest Sharpe ratio. A run too
short to have one takes nothing away.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Sum, Value

from backtests.engine import TrackRecord
from backtests.engine.statistics import expected_max_sharpe, psr
from backtests.models import Backtest, BacktestResult, Trial

KEY = ("owner", "family", "series", "variant")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many variants were tried, how many of them have a Sharpe ratio (one that
    never traded has none), and the variance (n - 1) of those, 0 below two."""

    count: int
    measured: int
    variance: float


def record_json(record: TrackRecord) -> dict[str, Any]:
    """Return the record as it is kept with a result; NaN is None."""
    return {key: _json(value) for key, value in asdict(record).items()}


def record_trial(backtest: Backtest, row: BacktestResult) -> None:
    """Enter the run into the ledger, and what that makes of it into ``row.trials``.

    Call it in the transaction that stores the row, before it is saved; ``row.trials``
    holds at least the ``record_json``. The same variant is one trial however often it
    runs; of two that are stored at the same moment neither sees the other, which
    ``trials_now`` puts right.
    """
    trial = Trial(
        owner_id=backtest.owner_id,
        family=family_of(backtest),
        series_id=backtest.series_id,
        variant=variant_of(row.manifest),
        sharpe=row.trials["sharpe"],
    )
    if trial.sharpe is None:
        Trial.objects.bulk_create([trial], ignore_conflicts=True)
    else:
        Trial.objects.bulk_create(
            [trial],
            update_conflicts=True,
            unique_fields=KEY,
            update_fields=("sharpe",),
        )
    row.trials = trials_now(backtest, row)


def refresh_trials(backtests: Sequence[Backtest]) -> None:
    """Bring the trials of copied results up to date; a copy is no new trial.

    Results from before there was a ledger are left as they are.
    """
    tallies: dict[tuple[str, int], Tally] = {}
    results = [b.result for b in backtests if b.result.trials]
    for result in results:
        backtest, trials = result.backtest, result.trials
        search = family_of(backtest), backtest.series_id
        if search not in tallies:
            tallies[search] = _tally(backtest, trials["sharpe"] or 0.0)
        result.trials = _judged(_record(trials), tallies[search])
    BacktestResult.objects.bulk_update(results, ["trials"])


def trials_now(backtest: Backtest, result: BacktestResult) -> dict[str, Any]:
    """Return what the result is worth after all that has been tried by now."""
    record = _record(result.trials)
    return _judged(record, _tally(backtest, result.trials["sharpe"] or 0.0))


def family_of(backtest: Backtest) -> str:
    """Return the name under which all versions of the strategy count together."""
    version = backtest.strategy_version
    if version is None:
        return f"library:{backtest.library}"
    return f"strategy:{version.strategy_id}"


def variant_of(manifest: dict[str, Any]) -> str:
    """Return a hash of what makes a run another try: source, parameters, execution."""
    tried = {
        "source": manifest["strategy"]["source_hash"],
        "parameters": manifest["parameters"],
        "execution": manifest["execution"],
    }
    return hashlib.sha256(json.dumps(tried, sort_keys=True).encode()).hexdigest()


def _tally(backtest: Backtest, middle: float) -> Tally:
    """Count the trials; ``middle``, a value among theirs, keeps the sums accurate."""
    apart = F("sharpe") - Value(middle, output_field=FloatField())
    found = Trial.objects.filter(
        owner=backtest.owner_id,
        family=family_of(backtest),
        series=backtest.series_id,
    ).aggregate(
        count=Count("pk"),
        measured=Count("sharpe"),
        total=Sum(apart, default=0.0),
        squares=Sum(apart * apart, default=0.0),
    )
    measured = found["measured"]
    variance = 0.0
    if measured > 1:
        spread = found["squares"] - found["total"] ** 2 / measured
        variance = max(spread, 0.0) / (measured - 1)
    return Tally(found["count"], measured, variance)


def _judged(record: TrackRecord, tally: Tally) -> dict[str, Any]:
    # One that never traded was a try as well; how far apart they lie, only the others
    # can tell.
    hurdle = expected_max_sharpe(tally.variance, tally.count)
    facts = (record.sharpe, record.days, record.skew, record.kurtosis)
    plain, deflated = psr(*facts), psr(*facts, above=hurdle)
    annual = hurdle * math.sqrt(record.days_per_year)
    return {
        "count": tally.count,
        "measured": tally.measured,
        "sharpe_variance": tally.variance,
        "expected_max_sharpe": hurdle,
        "expected_max_sharpe_annual": _json(annual),
        "psr": _json(plain),
        "deflated_sharpe": _json(deflated),
        "sentence": _sentence(tally, annual, deflated),
        **record_json(record),
    }


def _sentence(tally: Tally, annual: float, deflated: float) -> str:
    tried = (
        "This is the only variant of the strategy that you have tried on these candles"
        if tally.count == 1
        else f"You have tried {tally.count:,} variants of the strategy on these candles"
    )
    if math.isnan(deflated):
        return f"{tried}; the Sharpe ratio of this one is not defined."
    chance = f"{100 * deflated:.1f} %"
    if tally.measured <= 1:
        alone = (
            ""
            if tally.count == 1
            else ", and no other has a Sharpe ratio, so this one is not deflated"
        )
        return (
            f"{tried}{alone}: the probability that its true Sharpe ratio is above 0 is "
            f"{chance}."
        )
    return (
        f"{tried}: the best of so many would show a Sharpe ratio of {annual:.2f} by "
        f"chance, and the probability that the true one of this is higher is {chance}."
    )


def _record(trials: dict[str, Any]) -> TrackRecord:
    """Return what ``record_json`` wrote down."""
    return TrackRecord(
        sharpe=_number(trials["sharpe"]),
        days=trials["days"],
        skew=_number(trials["skew"]),
        kurtosis=_number(trials["kurtosis"]),
        days_per_year=_number(trials["days_per_year"]),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _json(value: float) -> float | None:
    return value if math.isfinite(value) else None
