import os
import resource
import time
from pathlib import Path

import numpy as np
import pytest

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.formats import base
from marketdata.formats.detection import detect
from marketdata.ohlcv import COLUMNS
from marketdata.tests.candles import HEADER, candles, csv_text

ROW = "1672531200000,10,12,9,11,5"


def read(folder: Path, content: str | bytes) -> RawCandles:
    path = folder / "candles.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return detect(path).read(path)


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(folder, content)
    assert caught.value.errors[0].pointer == "/file"
    return caught.value.detail


def peak_kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def row(raw: RawCandles, index: int = 0) -> list[float]:
    return [float(getattr(raw, name)[index]) for name in COLUMNS]


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
    assert raw.ragged == 0


@pytest.mark.parametrize("line", ["1672531200000,10,12", f"{ROW},1", '"a,b', ","])
def test_a_line_of_other_cells_than_the_header_is_counted_and_left_out(
    tmp_path: Path, line: str
) -> None:
    raw = read(tmp_path, f"{HEADER}\n{ROW}\n{line}\n{ROW}\n")

    assert (len(raw.time), raw.ragged) == (2, 1)


def test_a_file_of_such_lines_alone_has_no_rows(tmp_path: Path) -> None:
    raw = read(tmp_path, f"{HEADER}\n1,2,3\n")

    assert (len(raw.time), raw.ragged) == (0, 1)


def test_an_unclosed_quote_swallows_no_line(tmp_path: Path) -> None:
    bad = ROW.replace("12", '"12', 1)

    raw = read(tmp_path, f"{HEADER}\n{bad}\n{ROW}\n{ROW}\n")

    assert len(raw.time) + raw.ragged == 3


def test_a_thousands_separator_is_never_taken_for_a_column(tmp_path: Path) -> None:
    raw = read(tmp_path, f'{HEADER}\n1672531200000,"1,000","1,200",900,"1,100",5\n')

    assert (len(raw.time), raw.ragged) == (0, 1)


def test_a_decimal_comma_is_no_number(tmp_path: Path) -> None:
    raw = read(tmp_path, f"{HEADER};\n{ROW}\n".replace(",", ";").replace("10", "1,0"))

    assert np.isnan(raw.open).all()


def test_nul_bytes_in_a_cell_are_no_number(tmp_path: Path) -> None:
    raw = read(tmp_path, f"{HEADER}\n{ROW}\0\n")

    assert np.isnan(raw.volume).all()


@pytest.mark.parametrize("content", [HEADER, f"{HEADER}\n", f"{HEADER}\r\n\r\n \n"])
def test_a_header_alone_holds_no_rows(tmp_path: Path, content: str) -> None:
    assert len(read(tmp_path, content).time) == 0


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "is empty" in refusal(tmp_path, "")


@pytest.mark.parametrize(
    "content",
    [
        "<!doctype html><html><body>429 Too Many Requests</body></html>",
        '{"code": -1121, "msg": "Invalid symbol."}',
        ROW,
        "\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" + b"\0" * 100,
        b"\x1f\x8b\x08" + b"\xff" * 100,
        b"\0" * 20_000,
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\0\n{ROW}\n",
        "time,open,open,high,low,close,volume\n1,2,3,4,5,6,7\n",
        "close_time,open,high,low,close,volume\n1672531200000,1,1,1,1,1\n",
    ],
)
def test_what_is_no_table_of_candles_is_refused(
    tmp_path: Path, content: str | bytes
) -> None:
    assert "is not a candle file" in refusal(tmp_path, content)


@pytest.mark.parametrize("name", ["open", "volume"])
def test_a_column_that_the_header_lacks_is_named(tmp_path: Path, name: str) -> None:
    header = HEADER.replace(name, "other")

    assert f"its header lacks {name}." in refusal(tmp_path, f"{header}\n{ROW}\n")


def test_bytes_that_are_not_text_are_refused_where_a_value_should_be(
    tmp_path: Path,
) -> None:
    content = f"{HEADER}\n{ROW}".encode() + b"\xff\n"

    assert "not UTF-8 text" in refusal(tmp_path, content)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a file"):
        detect(tmp_path)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        detect(tmp_path / "none.csv")


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
        detect(path)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    with pytest.raises(InvalidInput, match="is not a file"):
        detect(pipe)


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
    ],
    ids=["columns", "a first row", "a second row", "no line at all"],
)
def test_a_line_of_100_megabytes_is_refused_without_reading_it_whole(
    tmp_path: Path, start: str, chunk: str
) -> None:
    path = tmp_path / "candles.csv"
    with path.open("w") as file:
        file.write(start)
        for _ in range(100):
            file.write(chunk * (1_000_000 // len(chunk)))
    began, peak = time.perf_counter(), peak_kilobytes()

    with pytest.raises(InvalidInput, match="not a candle file|a line is too long"):
        detect(path).read(path)

    assert time.perf_counter() - began < 2
    assert peak_kilobytes() - peak < 30_000


def test_a_row_of_100_000_cells_is_one_ragged_row(tmp_path: Path) -> None:
    raw = read(tmp_path, f"{HEADER}\n{ROW}\n" + "1," * 100_000 + f"\n{ROW}\n")

    assert (len(raw.time), raw.ragged) == (2, 1)
