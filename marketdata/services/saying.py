"""What a user says of a file, by the names of the options of `import_candles`."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from botforge.errors import FieldError, InvalidInput
from marketdata.formats.wishes import Wishes
from marketdata.services.naming import Said

# How a form says what the command has a switch for.
SWITCHES = {
    "--day-first": "day_first=true",
    "--month-first": "day_first=false",
    "--decimal-comma": "decimal_comma=true",
    "--close-time": "close_time=true",
}


def said_of(options: Mapping[str, Any]) -> Said:
    """Return what is said; an option that is left out is for the file to say.

    ``day_first`` False is the month first. Raises ``InvalidInput`` for a time zone or
    columns that are none.
    """
    get = options.get
    wishes = Wishes(
        format=None if get("format") in (None, "auto") else options["format"],
        zone=_zone(get("timezone")),
        columns=_columns(get("columns") or ""),
        day_first=get("day_first"),
        labels_close=bool(get("close_time")),
        decimal_comma=bool(get("decimal_comma")),
        adjustment=get("adjustment"),
    )
    return Said(
        get("symbol") or None,
        get("timeframe") or None,
        get("source") or None,
        get("calendar") or None,
        wishes,
    )


def as_of_a_form(detail: str) -> str:
    """Return a sentence with the fields of a form for the command's options."""
    for switch, field in SWITCHES.items():
        detail = detail.replace(switch, field)
    return re.sub(r"--([a-z][a-z-]*)", lambda m: f"“{m[1].replace('-', '_')}”", detail)


def error_of_a_form(error: InvalidInput) -> InvalidInput:
    """Return the error in the words of a form."""
    return InvalidInput(
        *(
            FieldError(one.pointer, one.code, as_of_a_form(one.detail))
            for one in error.errors
        )
    )


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput.field(
            "timezone", "unknown_zone", f"“{name}” is no time zone; try Europe/Berlin."
        ) from error


def _columns(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if any(not is_pair or not column.strip() for _, is_pair, column in pairs):
        raise InvalidInput.field(
            "columns", "columns", "Write --columns as time=Start,open=2 and so on."
        )
    return {field.strip(): column.strip() for field, _, column in pairs}
