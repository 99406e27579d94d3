"""What is not the same in two runs that should be: each difference by name, with the
value before and after. Numbers are compared bit for bit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

type Table = Mapping[str, NDArray[Any]]
type Record = Mapping[str, Any]


class Difference(TypedDict):
    """One thing that differs. ``part`` is "strategy", "data" or "engine" for what went
    into the run, and "numbers" for what came out."""

    part: str
    name: str
    before: Any
    after: Any
    detail: str


CHANGED = {
    "strategy_changed": "The strategy's source has changed since",
    "data_changed": "The candles of the window have changed since",
    "engine_changed": "The engine, or a package that it counts on, has changed since",
}
SAME = "every number is the same to the last bit"


def verdict(outcome: str, differences: Sequence[Difference]) -> str:
    """Return what came of a verification, as a sentence."""
    if outcome == "identical":
        return f"Made again, {SAME}."
    if outcome == "different":
        return "The same inputs gave other numbers: this is a bug, please report it."
    count = sum(difference["part"] == "numbers" for difference in differences)
    verb = "number differs" if count == 1 else "numbers differ"
    return f"{CHANGED[outcome]}; {f'{count} {verb}' if count else SAME}."


def input_differences(before: Record, after: Record) -> list[Difference]:
    """Return what differs in the inputs that two manifests name.

    A series that has only grown has another revision and the same candles in the
    window: that is no difference.
    """
    found = [
        *_named("strategy", before["strategy"], after["strategy"], ("source_hash",)),
        *_named("engine", before, after, ("engine_version",)),
        *_named("engine", before["packages"], after["packages"]),
    ]
    data, now = before["data"], after["data"]
    if data["data_hash"] != now["data_hash"]:
        names = ("data_hash", "revision", "grade", "bars", "warmup_bars")
        found.extend(_named("data", data, now, names))
    return found


def table_differences(table: str, before: Table, after: Table) -> list[Difference]:
    """Return the columns that differ, and the row where each begins to.

    Only what was stored is asked for: a column that is new is no difference.
    """
    rows, rows_now = _rows(before), _rows(after)
    found: list[Difference] = []
    if rows != rows_now:
        detail = f"The table {table} has {rows_now:,} rows now, not {rows:,}."
        found.append(_number(f"{table}.rows", rows, rows_now, detail))
    both = min(rows, rows_now)
    for name, column in before.items():
        if name not in after:
            detail = f"The table {table} has no column {name} now."
            found.append(_number(f"{table}.{name}", rows, None, detail))
        elif both:
            now = after[name]
            found.extend(_column(f"{table}.{name}", column[:both], now[:both]))
    return found


def record_differences(name: str, before: Record, after: Record) -> list[Difference]:
    """Return the values that differ among those that were stored under a name."""
    return [
        _number(f"{name}.{key}", value, after.get(key), _changed(key, after.get(key)))
        for key, value in before.items()
        if not _same(value, after.get(key))
    ]


def _named(
    part: str, before: Record, after: Record, names: tuple[str, ...] | None = None
) -> Iterator[Difference]:
    for name in before if names is None else names:
        old, new = before.get(name), after.get(name)
        if old != new:
            detail = f"{name} was {old} and is {new}."
            yield Difference(part=part, name=name, before=old, after=new, detail=detail)


def _column(
    name: str, before: NDArray[Any], after: NDArray[Any]
) -> Iterator[Difference]:
    unequal = np.flatnonzero(_unequal(before, after))
    if len(unequal) == 0:
        return
    first = int(unequal[0])
    where = f"the first is in row {first:,}"
    count = f"{len(unequal):,} of {len(before):,} values of {name} differ"
    if name.endswith("time"):
        moments = _moment(before[first]), _moment(after[first])
        yield _number(name, *moments, f"{count}; {where}.")
        return
    with np.errstate(invalid="ignore"):
        apart = np.abs(before[unequal].astype(float) - after[unequal].astype(float))
    most = f"by at most {np.nanmax(apart, initial=0):.3g}"
    values = _plain(before[first]), _plain(after[first])
    yield _number(name, *values, f"{count}, {most}; {where}.")


def _unequal(before: NDArray[Any], after: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where the bits differ; every NaN is the same."""
    if before.dtype != after.dtype:
        return np.asarray(before != after)
    bits = f"u{before.dtype.itemsize}"
    unequal = np.asarray(before.view(bits) != after.view(bits))
    if before.dtype.kind == "f":
        unequal &= ~(np.isnan(before) & np.isnan(after))
    return unequal


def _same(before: Any, after: Any) -> bool:
    """Compare two values of which the first went through a database's JSON.

    PostgreSQL gives a float without a fraction back as a whole number, all digits of
    its shortest form kept: as a float it is the same again.
    """
    if isinstance(after, float) and isinstance(before, int):
        return float(before) == after
    return bool(before == after)


def _rows(table: Table) -> int:
    return len(next(iter(table.values()), ()))


def _plain(value: Any) -> int | float | None:
    """Return a number as JSON knows them."""
    plain: int | float = value.item()
    return plain if np.isfinite(plain) else None


def _moment(time_ms: Any) -> str:
    return f"{np.datetime64(int(time_ms), 'ms').astype('datetime64[s]')}Z"


def _number(name: str, before: Any, after: Any, detail: str) -> Difference:
    return Difference(
        part="numbers", name=name, before=before, after=after, detail=detail
    )


def _changed(key: str, now: Any) -> str:
    return f"There is no {key} now." if now is None else f"{key} is {now} now."
