import os
import resource
import time
from pathlib import Path

import numpy as np
import pytest

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.formats import base, lines
from marketdata.formats.sources import sources
from marketdata.formats.wishes import Wishes
from marketdata.ohlcv import COLUMNS
from marketdata.tests.candles import HEADER, candles, csv_text
from marketdata.tests.files import read as read_file
from marketdata.tests.files import refusal as refusal_of
from marketdata.tests.files import row, table, written

ROW = "1672531200000,10,12,9,11,5"
MOMENT = 1_672_531_200_000


def read(
    folder: Path, content: str | bytes, wishes: Wishes | None = None
) -> RawCandles:
    return read_file(written(folder, content), wishes)


def refusal(folder: Path, content: str | bytes, wishes: Wishes | None = None) -> str:
    return refusal_of(written(folder, content), wishes)


def peak_kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_values_are_exact(tmp_path: Path) -> None:
    ohlcv = candles(50)

    raw = read(tmp_path, csv_text(ohlcv))

    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(raw, name), getattr(ohlcv, name))


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}",
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n\n{ROW}\n\n\n",
        f"\ufeff{HEADER}\n{ROW}\n",
        f"{HEADER.upper()}\n{ROW}\n",
        f"{HEADER.title()}\n{ROW}\n",
        f"{HEADER}\n{ROW}\n".replace(",", ";"),
        f"{HEADER}\n{ROW}\n".replace(",", "\t"),
        f"{HEADER}\n{ROW}\n".replace(",", ", "),
        f'"{HEADER}"\n"{ROW}"\n'.replace(",", '","'),
        "volume,close,low,high,open,timestamp\n5,11,9,12,10,1672531200000\n",
        "Date,Symbol,Open,High,Low,Close,Volume\n2023-01-01,BTC,10,12,9,11,5\n",
        "unix,date,open,high,low,close,volume\n1672531200,1/1/23,10,12,9,11,5\n",
        "x,x,time,open,high,low,close,volume\n1,2,1672531200,10,12,9,11,5\n",
        "open_time,open,high,low,close,volume,note\n1672531200,10,12,9,11,5,\xe9\n",
    ],
)
def test_one_candle_may_be_written_in_many_ways(tmp_path: Path, content: str) -> None:
    raw = read(tmp_path, content)

    assert row(raw) == [1_672_531_200_000, 10, 12, 9, 11, 5]
    assert len(raw.time) == 1


@pytest.mark.parametrize("line", ["1672531200000,10,12", '"a,b', ","])
def test_a_line_that_lacks_cells_is_a_row_that_lacks_values(
    tmp_path: Path, line: str
) -> None:
    raw = read(tmp_path, f"{HEADER}\n{ROW}\n{line}\n{ROW}\n")

    assert np.isnan(raw.volume).tolist() == [False, True, False]


def test_cells_that_are_too_many_are_left_out_and_said(tmp_path: Path) -> None:
    rows = f"{ROW}\n" * 30
    path = written(tmp_path, f"{HEADER}\n{rows}{ROW},1,x\n")

    read_table = table(path)

    assert row(read_table.raw, 30) == [MOMENT, 10, 12, 9, 11, 5]
    assert read_table.remarks == (
        "1 rows have extra cells, which are left out (line 32)",
    )


def test_many_rows_of_too_many_cells_are_numbers_cut_in_two(tmp_path: Path) -> None:
    content = f"{HEADER}\n" + "1672531200000,1,000,1,200,900,1,100,5\n" * 5

    assert "5 rows have more cells than its header" in refusal(tmp_path, content)


def test_a_last_line_that_was_cut_off_is_no_row(tmp_path: Path) -> None:
    read_table = table(written(tmp_path, f"{HEADER}\n{ROW}\n167253120"))

    assert len(read_table.raw.time) == 1
    assert read_table.remarks == ("the last line (3) is cut off and left out",)


def test_a_header_that_comes_again_is_no_row(tmp_path: Path) -> None:
    raw = read(tmp_path, f"{HEADER}\n{ROW}\n{HEADER}\n{ROW}\n")

    assert len(raw.time) == 2
    assert raw.line is not None
    assert raw.line.tolist() == [2, 4]


def test_lines_are_counted_with_blank_ones_and_comments(tmp_path: Path) -> None:
    raw = read(tmp_path, f"# from x\n{HEADER}\n\n{ROW}\n# note\n{ROW}\n")

    assert raw.line is not None
    assert raw.line.tolist() == [4, 6]


def test_lines_go_on_from_block_to_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 500)
    content = csv_text(candles(100)).replace("\n", "\n\n", 1)

    raw = read(tmp_path, content)

    assert raw.line is not None
    assert raw.line.tolist() == list(range(3, 103))


def test_an_unclosed_quote_swallows_no_line(tmp_path: Path) -> None:
    bad = ROW.replace("12", '"12', 1)

    raw = read(tmp_path, f"{HEADER}\n{bad}\n{ROW}\n{ROW}\n")

    assert len(raw.time) == 3


def test_thousands_between_quotes_are_numbers(tmp_path: Path) -> None:
    raw = read(tmp_path, f'{HEADER}\n1672531200000,"1,000","1,200.5",900,"1,100",5\n')

    assert row(raw) == [MOMENT, 1000, 1200.5, 900, 1100, 5]


def test_a_decimal_comma_is_read_where_the_file_leaves_no_doubt(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROW}\n".replace(",", ";").replace("10", "10,25")

    assert read(tmp_path, content).open.tolist() == [10.25]


def test_a_comma_that_may_be_either_is_refused(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROW}\n".replace(",", ";").replace("10", "1,234")

    assert "such as 1,234, may have decimal commas" in refusal(tmp_path, content)


@pytest.mark.parametrize("formula", ["=1+1", "=HYPERLINK(x)", "@SUM(1)", "+cmd|calc"])
def test_a_formula_is_no_number(tmp_path: Path, formula: str) -> None:
    raw = read(tmp_path, f"{HEADER}\n{ROW}\n{ROW.replace('12', formula)}\n")

    assert np.isnan(raw.high).tolist() == [False, True]


def test_nul_bytes_are_refused(tmp_path: Path) -> None:
    assert "NUL bytes" in refusal(tmp_path, f"{HEADER}\n{ROW}\0\n")


@pytest.mark.parametrize("content", [HEADER, f"{HEADER}\n", f"{HEADER}\r\n\r\n \n"])
def test_a_header_alone_holds_no_rows(tmp_path: Path, content: str) -> None:
    assert len(read(tmp_path, content).time) == 0


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "is empty" in refusal(tmp_path, "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<!doctype html><html><body>429</body></html>", "is a web page"),
        ('{"code": -1121, "msg": "Invalid symbol."}', "is no file of candles"),
        ("\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "NUL bytes"),
        (b"BZh91AY&SY", "an archive inside another"),
        (b"\0" * 20_000, "NUL bytes"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "save it as UTF-8"),
        (f"{HEADER}\0\n{ROW}\n", "NUL bytes"),
        ("time,open,open,high,low,close,volume\n1,2,3,4,5,6,7\n", "is no file of"),
        ("19980102,0.86,0.0089,1\n" * 5, "is no file of candles"),
    ],
)
def test_what_is_no_table_of_candles_is_refused(
    tmp_path: Path, content: str | bytes, why: str
) -> None:
    assert why in refusal(tmp_path, content)


@pytest.mark.parametrize("name", ["open", "volume"])
def test_a_column_that_the_header_lacks_is_named(tmp_path: Path, name: str) -> None:
    header = HEADER.replace(name, "other")

    assert f"its header lacks {name};" in refusal(tmp_path, f"{header}\n{ROW}\n")


def test_bytes_that_are_not_text_are_refused_where_a_value_should_be(
    tmp_path: Path,
) -> None:
    content = f"{HEADER}\n{ROW}".encode() + b"\xff\n"

    assert "not UTF-8 text" in refusal(tmp_path, content)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a file"):
        sources(tmp_path)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        sources(tmp_path / "none.csv")


def test_a_file_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may read everything, so that the refusal itself must be imitated.
    def denied(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.csv"
    path.touch()
    monkeypatch.setattr(Path, "open", denied)

    with pytest.raises(InvalidInput, match="cannot be read: Permission denied"):
        sources(path)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    with pytest.raises(InvalidInput, match="is not a file"):
        sources(pipe)


def test_more_rows_than_any_series_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MAX_ROWS", 10)

    assert "more than 10 rows" in refusal(tmp_path, csv_text(candles(11)))


@pytest.mark.parametrize(
    ("start", "chunk"),
    [
        ("", "column,"),
        (f"{HEADER}\n", "1"),
        (f"{HEADER}\n{ROW}\n", "1"),
        ("", "x"),
        ("[[1672531200000,", "1"),
    ],
    ids=["columns", "a first row", "a second row", "no line at all", "JSON"],
)
def test_a_line_of_100_megabytes_is_refused_without_reading_it_whole(
    tmp_path: Path, start: str, chunk: str
) -> None:
    path = tmp_path / "candles.csv"
    with path.open("w") as file:
        file.write(start)
        for _ in range(100):
            file.write(chunk * (1_000_000 // len(chunk)))
    began, peak = time.process_time(), peak_kilobytes()

    with pytest.raises(InvalidInput, match="no file of candles|is longer than any"):
        read_file(path)

    assert time.process_time() - began < 10
    assert peak_kilobytes() - peak < 30_000


def test_a_row_of_100_000_cells_is_one_row(tmp_path: Path) -> None:
    rows = f"{ROW}\n" * 20

    raw = read(tmp_path, f"{HEADER}\n{rows}" + "1," * 100_000 + f"\n{ROW}\n")

    assert len(raw.time) == 22
