"""Splits and dividends beside the candles of a series."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botforge.errors import Conflict
from marketdata.cleaning import RawCandles, time_is_sane
from marketdata.merging import OnConflict
from marketdata.models import CorporateAction, Series
from marketdata.storage import milliseconds, moment_of

Kind = CorporateAction.Kind


@dataclass(frozen=True, slots=True)
class ActionsWritten:
    """How many splits and dividends an import held, and what it made of the stored.

    ``changed`` counts those of another value, ``removed`` those of a bar that has none
    any more.
    """

    splits: int = 0
    dividends: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "ActionsWritten") -> "ActionsWritten":
        return ActionsWritten(
            self.splits + other.splits,
            self.dividends + other.dividends,
            self.new + other.new,
            self.changed + other.changed,
            self.removed + other.removed,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What rows tell of one kind: the value at each open (ms, in order), 0 for none."""

    time: NDArray[np.int64]
    value: NDArray[np.float64]

    @classmethod
    def of(cls, raw: RawCandles, values: NDArray[np.float64] | None) -> "_Told":
        if values is None:
            return cls(np.empty(0, np.int64), np.empty(0))
        with np.errstate(invalid="ignore"):
            told = time_is_sane(raw.opens) & (values >= 0) & (values < np.inf)
        # Of rows with one time the first counts, as it does for candles.
        time, first = np.unique(raw.opens[told].astype(np.int64), return_index=True)
        return cls(time, values[told][first])

    @property
    def actions(self) -> dict[int, float]:
        some = self.value > 0
        times, values = self.time[some].tolist(), self.value[some].tolist()
        return dict(zip(times, values, strict=True))


def actions_write(
    *, series: Series, raw: RawCandles, on_conflict: OnConflict
) -> ActionsWritten:
    """Store what the rows tell of splits and dividends, in the caller's transaction.

    A row that tells of none takes away what is stored for its bar, as far as
    ``on_conflict`` goes; raises ``Conflict`` when that is FAIL.
    """
    written = ActionsWritten()
    for kind, values in ((Kind.SPLIT, raw.split), (Kind.DIVIDEND, raw.dividend)):
        told = _Told.of(raw, values)
        if len(told.time):
            written += _write(series, kind, told, on_conflict)
    return written


def actions_copy(*, source: Series, target: Series, on_conflict: OnConflict) -> None:
    """Store the splits and dividends of one series with another as well.

    Raises ``Conflict`` when others are stored there and ``on_conflict`` is FAIL.
    """
    for kind in Kind:
        found = source.actions.filter(kind=kind).order_by("time")
        pairs = list(found.values_list("time", "value"))
        times = np.array([milliseconds(time) for time, _ in pairs], np.int64)
        told = _Told(times, np.array([value for _, value in pairs]))
        if len(times):
            _write(target, kind, told, on_conflict)


def split_after(raw: RawCandles, time_ms: int) -> bool:
    """Say whether the rows tell of a split later than a moment."""
    splits = _Told.of(raw, raw.split).actions
    return any(time > time_ms and value != 1 for time, value in splits.items())


def _write(
    series: Series, kind: CorporateAction.Kind, told: _Told, on_conflict: OnConflict
) -> ActionsWritten:
    actions = told.actions
    first, last = moment_of(int(told.time[0])), moment_of(int(told.time[-1]))
    stored = {
        milliseconds(one.time): one
        for one in series.actions.filter(kind=kind, time__gte=first, time__lte=last)
    }
    covered = set(np.intersect1d(told.time, np.array(list(stored), np.int64)).tolist())
    other = [t for t in covered if stored[t].value != actions.get(t, 0.0)]
    new = [t for t in actions if t not in stored]
    if other and on_conflict is OnConflict.FAIL:
        raise Conflict(
            f"Another {kind} is stored on {stored[min(other)].time:%Y-%m-%d}; nothing "
            "was changed."
        )
    if on_conflict is OnConflict.KEEP:
        other = []
    gone = [stored[t].pk for t in other if t not in actions]
    series.actions.filter(pk__in=gone).delete()
    CorporateAction.objects.bulk_create(
        [
            CorporateAction(
                series=series, kind=kind, time=moment_of(t), value=actions[t]
            )
            for t in sorted({*new, *other} & actions.keys())
        ],
        update_conflicts=True,
        unique_fields=["series", "kind", "time"],
        update_fields=["value"],
        batch_size=500,
    )
    held = len(actions)
    return ActionsWritten(
        splits=held if kind is Kind.SPLIT else 0,
        dividends=held if kind is Kind.DIVIDEND else 0,
        new=len(new),
        changed=len(other) - len(gone),
        removed=len(gone),
    )
