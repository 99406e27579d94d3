"""A table of text as candles."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow.compute as pc
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
# Numbers beside the six.
MORE = ("adjusted", "dividend", "split")


@dataclass(slots=True)
class _Columns:
    """What is collected of a file, a batch at a time."""

    times: list[Moments] = field(default_factory=list)
    values: list[list[NDArray[np.float64]]] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)
    more: dict[str, list[NDArray[np.float64]]] = field(default_factory=dict)
    symbols: set[str] = field(default_factory=set)
    unread: str | None = None

    def add(self, batch: Batch, layout: Layout) -> None:
        time, *values = batch.columns[:6]
        more = dict(zip(layout.more, batch.columns[6:], strict=True))
        if "clock" in more:
            parts: Any = (time, more["clock"], " ")
            time = pc.binary_join_element_wise(*parts)
        read = moments(time, layout.dates)
        self.times.append(read)
        if self.unread is None and np.isnan(read.time).any():
            self.unread = str(time[int(np.argmax(np.isnan(read.time)))])
        self.values.append([numbers(cells, layout.spelling) for cells in values])
        self.lines.append(batch.line)
        for name in MORE:
            if name in more:
                found = self.more.setdefault(name, [])
                found.append(numbers(more[name], layout.spelling))
        if "symbol" in more:
            names = more["symbol"].unique()
            self.symbols |= {str(name).strip(' "') for name in names}
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
    return Table(
        raw,
        next(iter(columns.symbols), None),
        remarks + said,
        layout.closes,
        columns.unread,
    )


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
        **{name: np.concatenate(parts) for name, parts in columns.more.items()},
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
