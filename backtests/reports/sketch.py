"""Charts that need no script: lines and marks as SVG, in percent of their place.

The page shows them before its script runs, without one, and on paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.reports.buckets import Buckets, Times, Values
from backtests.reports.scales import Scale, time_ticks

# Of the stretched coordinates in which paths are written.
SIZE = 1000
# Points of a path: more than a page's width in print.
POINTS = 700

# Marks as paths around their place.
UP, DOWN = "M0-4L4 3H-4Z", "M0 4L4-3H-4Z"
CIRCLE = "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z"
CROSS, DIAMOND, SQUARE = "M-3-3L3 3M3-3L-3 3", "M0-4L4 0L0 4L-4 0Z", "M-3-3h6v6h-6Z"

type Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, as a percentage from the left or the top."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area; ``role`` decides its colour."""

    role: str
    d: str
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape at a place; ``role`` decides its colour."""

    role: str
    d: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Point:
    """A mark to be put at a time and a value."""

    role: str
    shape: str
    time: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A static chart; ``label`` says in a sentence what it shows."""

    label: str
    paths: Sequence[Path]
    marks: Sequence[Mark] = ()
    rows: Sequence[Tick] = ()
    columns: Sequence[Tick] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Values at times, to be drawn."""

    role: str
    time: Times
    values: Values

    def thinned(self) -> "Line":
        """Return the line with no more points than a page shows."""
        buckets = Buckets.of(len(self.values), POINTS // 2)
        return Line(self.role, buckets.moments(self.time), buckets.samples(self.values))


def time_sketch(
    label: str,
    lines: Sequence[Line],
    form: Format,
    *,
    area: float | None = None,
    points: Sequence[Point] = (),
) -> Sketch:
    """Return lines over time.

    ``area`` is the value from which the first line is filled.
    """
    lines = [line.thinned() for line in lines]
    values = [line.values for line in lines]
    if area is not None:
        values.append(np.array([area]))
    first = min(int(line.time[0]) for line in lines)
    last = max(int(line.time[-1]) for line in lines)
    across = Scale(float(first), float(max(last, first + 1)))
    up = Scale.of(*values)
    paths = [
        Path(line.role, path_of(across.at(line.time), up.at(line.values)))
        for line in lines
    ]
    if area is not None:
        paths.insert(0, _area(lines[0], across, up, area))
    return Sketch(
        label=label,
        paths=paths,
        marks=[
            Mark(
                point.role,
                point.shape,
                percent_of(across, float(point.time)),
                percent_of(up, point.value, down=True),
            )
            for point in points
        ],
        rows=rows_of(up, form),
        columns=[
            Tick(percent_of(across, float(time)), text)
            for time, text in time_ticks(first, last)
        ],
    )


def rows_of(up: Scale, form: Format) -> list[Tick]:
    return [Tick(percent_of(up, tick, down=True), form(tick)) for tick in up.ticks()]


def percent_of(scale: Scale, value: float, *, down: bool = False) -> str:
    """Return the place of a value as "12.34%"."""
    share = (value - scale.low) / (scale.high - scale.low)
    return f"{100 * ((1 - share) if down else share):.2f}%"


def path_of(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """Return a path through the points (0 to 1, upwards), broken where y is NaN."""
    xs = np.round(x * SIZE, 1)
    ys = np.round((1 - y) * SIZE, 1)
    parts, pen = [], "M"
    for px, py in zip(xs.tolist(), ys.tolist(), strict=True):
        if py != py:  # NaN lifts the pen
            pen = "M"
            continue
        parts.append(f"{pen}{px:g} {py:g}")
        pen = "L"
    return "".join(parts)


def _area(line: Line, across: Scale, up: Scale, base: float) -> Path:
    floor = f"{(1 - float(up.at(np.array([base]))[0])) * SIZE:.1f}"
    outline = path_of(across.at(line.time), up.at(line.values))
    d = f"M0 {floor}L{outline[1:]}L{SIZE} {floor}Z" if outline else ""
    return Path(line.role, d, filled=True)
