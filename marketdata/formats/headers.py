"""Which column holds what, told by the names that headers use."""

import re

from marketdata.formats.head import Head, mostly

# The exact ones first: where a file has several, the text repeats the number. The
# last is how a table is written whose index has no name.
TIME_NAMES = (
    *("open_time", "open time", "opentime", "timestamp", "unix", "unix timestamp"),
    *("time", "datetime", "date", "open_datetime", "gmt time", "local time"),
    *("", "unnamed: 0"),
)
CLOSE_NAMES = ("close_time", "close time", "closetime", "close_datetime", "end_time")
VALUE_NAMES = ("open", "high", "low", "close", "volume")
OTHER_NAMES = {
    "t": "time",
    "o": "open",
    "h": "high",
    "l": "low",
    "c": "close",
    "v": "volume",
    "vol": "volume",
    "tickvol": "volume",
    "dtyyyymmdd": "date",
}
SYMBOL_NAMES = ("symbol", "ticker", "pair")
FIELDS = ("time", *VALUE_NAMES, "symbol", "clock")
# A time of day beside a date of its own.
CLOCK = re.compile(r"^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$|^\d{4}(\d{2})?$")


def plain_names(head: Head) -> list[str]:
    """Return the header's names, without brackets and in their usual spelling."""
    names = [name.strip("<>") for name in head.names]
    for other, usual in OTHER_NAMES.items():
        if other in names and usual not in names:
            names[names.index(other)] = usual
    return names


def known_columns(head: Head) -> dict[str, int]:
    """Return the positions of the fields that the header names.

    "closes" stands for times of the close, where there are none of the open.
    """
    names = plain_names(head)
    where = {name: names.index(name) for name in VALUE_NAMES if name in names}
    for field, options in (
        ("time", TIME_NAMES),
        ("closes", CLOSE_NAMES),
        ("symbol", SYMBOL_NAMES),
    ):
        name = next((name for name in options if name in names), None)
        if name is not None:
            where[field] = names.index(name)
    if "time" in where:
        where.pop("closes", None)
    if {"date", "time"} <= set(names) and where["time"] == names.index("time"):
        clock = names.index("time")
        if mostly(head.column(clock), CLOCK.match):
            where |= {"time": names.index("date"), "clock": clock}
    return where


def repeats_a_name(head: Head) -> bool:
    """Say whether two columns go by one name of those that are looked for."""
    looked_for = {*TIME_NAMES[:-2], *CLOSE_NAMES, *VALUE_NAMES}
    known = [name for name in plain_names(head) if name in looked_for]
    return len(set(known)) < len(known)
