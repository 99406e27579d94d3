"""A table of text as candles."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marketdata.cleaning import RawCandles
from marketdata.formats.base import Progress, Table, check_rows
from marketdata.formats.cells import numbers
from marketdata.formats.layout import Layout
from marketdata.formats.lines import Batch, Lines
from marketdata.formats.moments import Moments, moments
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Openable
from marketdata.formats.wishes import Wishes
from marketdata.formats.zones import to_utc

# More rows that are too long than this share mean that cells were cut in two.
MAX_LONG = 0.1


@dataclass(slots=True)
class _Columns:
    """What is collected of a file, a batch at a time."""

    times: list[Moments] = field(default_factory=list)
    values: list[list[NDArray[np.float64]]] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)
    symbols: set[str] = field(default_factory=set)

    def add(self, batch: Batch, layout: Layout) -> None:
        time, *values = batch.columns[:6]
        self.times.append(moments(time, layout.dates))
        self.values.append([numbers(cells, layout.spelling) for cells in values])
        self.lines.append(batch.line)
        for cells in batch.columns[6:]:
            self.symbols |= {str(name).strip(' "') for name in cells.unique()}
            if len(self.symbols) > 1:
                raise refusal(
                    "several_symbols",
                    "it holds several symbols "
                    f"({', '.join(sorted(self.symbols)[:3])}); split it",
                )


def read_table(
    source: Openable, layout: Layout, wishes: Wishes, progress: Progress
) -> Table:
    """Read every row; ``InvalidInput`` when the file is not what it seemed."""
    lines = Lines(layout)
    columns = _Columns()
    with source.open() as stream:
        for batch in lines.batches(stream):
            columns.add(batch, layout)
            check_rows(lines.rows)
            progress(stream.done, stream.total)
    if lines.long_rows > MAX_LONG * lines.rows:
        raise refusal(
            "cells",
            f"{lines.long_rows:,} rows have more cells than its header, the first in "
            f"line {lines.long[0]}; put numbers with commas between quotes, or use "
            "another delimiter",
        )
    remarks = _remarks(lines)
    if not columns.times:
        return Table(RawCandles.empty(), remarks=remarks, labels_close=layout.closes)
    raw, said = _raw(columns, layout, wishes)
    return Table(raw, next(iter(columns.symbols), None), remarks + said, layout.closes)


def _raw(
    columns: _Columns, layout: Layout, wishes: Wishes
) -> tuple[RawCandles, tuple[str, ...]]:
    found = columns.times
    time = np.concatenate([part.time for part in found])
    local = np.concatenate([part.local for part in found])
    naive = np.concatenate([part.naive for part in found])
    small = np.concatenate([part.small for part in found])
    said = ""
    if layout.midnight is not None:
        time = local = layout.midnight + time / 1000
        naive = np.full(len(time), layout.zone is not None)
    elif small.any():
        unit = next((part.ticks_per_ms for part in found if part.ticks_per_ms), 1e-3)
        time[small] = np.floor(time[small] / 1000 / unit)
    zone = wishes.zone or layout.zone
    if naive.any() and zone is not None:
        time[naive] = to_utc(local[naive], zone)
        said = f"times without an offset are those of {zone.key}"
    elif naive.any():
        said = "times without an offset are taken as UTC"
    values = [np.concatenate(parts) for parts in zip(*columns.values, strict=True)]
    if layout.scale != 1:
        values[:4] = [prices / layout.scale for prices in values[:4]]
    raw = RawCandles(
        time,
        *values,
        day=local if layout.days else None,
        line=np.concatenate(columns.lines),
    )
    return raw, (said,) if said else ()


def _remarks(lines: Lines) -> tuple[str, ...]:
    remarks = []
    if lines.long_rows:
        where = ", ".join(map(str, lines.long))
        remarks.append(
            f"{lines.long_rows:,} rows have extra cells, which are left out (line "
            f"{where})"
        )
    if lines.headers:
        where = ", ".join(map(str, lines.headers[:5]))
        remarks.append(f"the header is repeated {len(lines.headers)} times ({where})")
    if lines.cut:
        remarks.append(f"the last line ({lines.cut}) is cut off and left out")
    return tuple(remarks)
