"""What a user says of a file, to the command and in a form."""

import pytest

from botforge.errors import InvalidInput
from marketdata.services.saying import as_of_a_form, said_of


def test_what_is_left_out_is_for_the_file_to_say() -> None:
    said = said_of({"symbol": "", "format": "auto", "columns": ""})

    assert (said.symbol, said.timeframe, said.source) == (None, None, None)
    assert said.wishes.format is None
    assert said.wishes.columns == {}
    assert said.wishes.day_first is None


def test_columns_are_pairs() -> None:
    said = said_of({"columns": "time=Start, open=2"})

    assert said.wishes.columns == {"time": "Start", "open": "2"}


@pytest.mark.parametrize("columns", ["time", "time=", "time=1,open"])
def test_other_columns_are_refused(columns: str) -> None:
    with pytest.raises(InvalidInput, match="time=Start,open=2"):
        said_of({"columns": columns})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "/etc", "\0"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(InvalidInput, match="is no time zone"):
        said_of({"timezone": zone})


@pytest.mark.parametrize(
    ("command", "form"),
    [
        ("give it with --symbol", "give it with “symbol”"),
        ("with --day-first or --month-first", "with day_first=true or day_first=false"),
        ("say --decimal-comma, or", "say decimal_comma=true, or"),
        ("use --on-conflict keep", "use “on_conflict” keep"),
        ("from 2020--2021 - or so", "from 2020--2021 - or so"),
    ],
)
def test_a_form_has_fields_for_options(command: str, form: str) -> None:
    assert as_of_a_form(command) == form
