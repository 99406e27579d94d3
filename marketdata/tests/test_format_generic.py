"""Tables of any make: dates, labels and columns as the user or the header says."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from marketdata.formats.wishes import Wishes
from marketdata.tests.files import read, refusal, row, table, written

MOMENT = 1_672_531_200_000  # 2023-01-01T00:00:00Z
HOUR = 3_600_000
GENERIC = "open,high,low,close,volume"


def ms(year: int, month: int, day: int, hour: int = 0) -> float:
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000


def mapping(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


@pytest.mark.parametrize(
    ("first", "second", "wishes"),
    [
        ("13/01/2023 05:00", "14/01/2023 05:00", Wishes()),
        ("13-01-2023 05:00:00", "14-01-2023 05:00:00", Wishes()),
        ("13.01.2023 05:00", "14.01.2023 05:00", Wishes()),
        ("01/13/2023 05:00 AM", "01/14/2023 05:00 AM", Wishes()),
        ("20230113 05:00", "20230114 05:00", Wishes()),
        ("20230113 050000", "20230114 050000", Wishes()),
        ("20230113T050000Z", "20230114T050000Z", Wishes()),
        ("202301130500", "202301140500", Wishes()),
        ("20230113050000", "20230114050000", Wishes()),
        ("13-Jan-2023 05:00", "14-Jan-2023 05:00", Wishes()),
        ("13 January 2023 05:00", "14 January 2023 05:00", Wishes()),
        ("13-Jan-23 05:00", "14-Jan-23 05:00", Wishes()),
        ('"Jan 13, 2023 05:00"', '"Jan 14, 2023 05:00"', Wishes()),
        ("13.01.2023 05:00:00.000", "14.01.2023 05:00:00.000", Wishes()),
        ("2023/01/13 05:00", "2023/01/14 05:00", Wishes()),
        ("2023-01-13T06:00+01:00", "2023-01-14T06:00+0100", Wishes()),
        (
            "2023-01-13 06:00",
            "2023-01-14 06:00",
            Wishes(zone=ZoneInfo("Europe/Berlin")),
        ),
    ],
)
def test_one_date_may_be_written_in_many_ways(
    tmp_path: Path, first: str, second: str, wishes: Wishes
) -> None:
    values = "10,12,9,11,5"
    path = written(tmp_path, f"date,{GENERIC}\n{first},{values}\n{second},{values}\n")

    times = read(path, wishes).time.tolist()

    assert times == [ms(2023, 1, 13, 5), ms(2023, 1, 14, 5)]


def test_a_date_that_may_be_two_is_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, f"date,{GENERIC}\n01/02/2023,10,12,9,11,5\n")

    assert "--day-first or --month-first" in refusal(path)
    assert read(path, Wishes(day_first=True)).time.tolist() == [ms(2023, 2, 1)]
    assert read(path, Wishes(day_first=False)).time.tolist() == [ms(2023, 1, 2)]


def test_times_of_the_close_are_known_by_their_name(tmp_path: Path) -> None:
    content = f"{GENERIC},close_time\n10,12,9,11,5,{MOMENT + HOUR - 1}\n"

    assert table(written(tmp_path, content)).labels_close


def test_times_of_the_close_may_be_said_to_be_so(tmp_path: Path) -> None:
    path = written(tmp_path, f"time,{GENERIC}\n{MOMENT + HOUR},10,12,9,11,5\n")

    assert not table(path).labels_close
    assert table(path, Wishes(labels_close=True)).labels_close


def test_columns_go_by_header_or_number(tmp_path: Path) -> None:
    path = written(tmp_path, f"Start;a;b;c;d;Vol;x\n{MOMENT};10;12;9;11;5;z\n")
    columns = mapping("time=start open=2 high=b low=4 close=D volume=Vol")

    assert row(read(path, Wishes(columns=columns))) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize("name", ["", "index.x"])
def test_an_index_without_a_name_is_the_time(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, f"{name},{GENERIC}\n2023-01-01,10,12,9,11,5\n")

    if name:
        assert "its header lacks a time column" in refusal(path)
    else:
        assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize(
    "content",
    [
        f"Date,Time,{GENERIC}\n2023-01-13,05:00:00,10,12,9,11,5\n",
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\n"
        "2023.01.13\t05:00:00\t10\t12\t9\t11\t5\n",
        "<TICKER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n"
        "X,20230113,050000,10,12,9,11,5\n",
        "2023.01.13,05:00,10,12,9,11,5\n",
        "20230113 050000;10;12;9;11;5\n",
        f"sep=;\nGmt time,{GENERIC}\n13.01.2023 05:00:00.000,10,12,9,11,5\n".replace(
            ",", ";"
        ),
    ],
)
def test_date_and_time_of_day_may_stand_apart(tmp_path: Path, content: str) -> None:
    assert row(read(written(tmp_path, content))) == [
        ms(2023, 1, 13, 5),
        *(10, 12, 9, 11, 5),
    ]


def test_years_of_two_digits_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"date,{GENERIC}\n1/13/23,10,12,9,11,5\n")

    assert "have two digits; write them with four" in refusal(path)


@pytest.mark.parametrize(
    ("low", "volume", "values"),
    [
        ("9.5", '"85,285"', [12, 9.5, 11, 85_285]),
        ('"9,500"', '"0,285"', [12, 9.5, 11, 0.285]),
        ('"9,5"', "85.285", [12, 9.5, 11, 85_285]),
    ],
)
def test_one_number_tells_how_the_others_are_written(
    tmp_path: Path, low: str, volume: str, values: list[float]
) -> None:
    path = written(tmp_path, f"time,{GENERIC}\n{MOMENT},10,12,{low},11,{volume}\n")

    assert row(read(path))[2:] == values


def test_a_comma_that_may_be_either_is_asked_about(tmp_path: Path) -> None:
    line = f'{MOMENT},10,12,"9,500",11,"5,250"'
    path = written(tmp_path, f"time,{GENERIC}\n{line}\n")

    assert "--decimal-comma" in refusal(path)
    assert row(read(path, Wishes(decimal_comma=True)))[3:] == [9.5, 11, 5.25]


def test_the_columns_that_are_not_given_are_those_of_the_header(tmp_path: Path) -> None:
    path = written(tmp_path, f"Date,Open,High,Low,Close,Units\n{MOMENT},10,12,9,11,5\n")

    found = read(path, Wishes(columns={"volume": "Units"}))

    assert row(found) == [MOMENT, 10, 12, 9, 11, 5]
