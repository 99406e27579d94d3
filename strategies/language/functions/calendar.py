"""Time: where a bar stands in the UTC calendar."""

from functools import partial

from marketdata.timeframes import CODES
from strategies.indicators import calendar
from strategies.language.functions.declaring import choice, number
from strategies.language.functions.registry import Function, Kind

_time = partial(
    Function, group="time", returns=Kind.CONDITION, source="numpy", inputs=("time",)
)

FUNCTIONS = (
    _time(
        name="in_session",
        arguments=(number("start", None, 0, 24), number("end", None, 0, 24)),
        outputs=("in_session",),
        summary="True where the bar opens between two UTC hours, the end excluded: "
        "13.5 is 13:30; a start at or after the end goes on past midnight.",
        example="in_session(13.5, 20)",
        compute=lambda bars, start, end: calendar.in_session(bars.time, start, end),
        warmup=lambda start, end: 0,
        cost=6,
    ),
    _time(
        name="is_new",
        arguments=(choice("period", CODES),),
        outputs=("is_new",),
        summary="True on the first bar of each UTC period; weeks begin on Monday.",
        example='is_new("1d")',
        compute=lambda bars, period: calendar.is_new(bars.time, period),
        warmup=lambda period: 0,
        cost=4,
    ),
    _time(
        name="is_weekend",
        arguments=(),
        outputs=("is_weekend",),
        summary="True where the bar opens on a Saturday or a Sunday, UTC.",
        example="is_weekend()",
        compute=lambda bars: calendar.is_weekend(bars.time),
        warmup=lambda: 0,
        cost=6,
    ),
)
