from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from marketdata.management.commands import import_candles
from marketdata.models import Series
from marketdata.tests.candles import HOUR, START, candles, csv_file

pytestmark = pytest.mark.django_db


def run(path: Path, *more: str, timeframe: str = "1h", symbol: str = "BTC/USDT") -> str:
    out = StringIO()
    options = ["--symbol", symbol, "--timeframe", timeframe, "--source", "binance"]
    call_command("import_candles", str(path), *options, *more, stdout=out)
    return out.getvalue()


def test_a_few_lines_sum_the_import_up(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(1500))
    with path.open("a") as file:
        file.write(f"{START + 1510 * HOUR},10,12,9,11,5\n{START},1,2\n{START},1\n")

    assert run(path) == (
        "BTC/USDT binance 1h (generic_csv): 1,503 rows, 1,501 new, 0 changed, "
        "0 unchanged, rejected: 2 nan; now 1,501 bars, 2023-01-02 00:00 to "
        "2023-03-05 22:00, 1 gaps (10 bars missing)\n"
        "  nan: line 1503, 1504\n"
        "  out_of_order: 1 rows, sorted\n"
    )


def test_a_second_run_says_that_nothing_changed(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(3))
    run(path)

    said = run(path)

    assert "0 new, 0 changed, 3 unchanged, rejected: none" in said
    assert "nothing changed: 0 new, 0 changed" in said


def test_conflicting_candles_may_be_kept(tmp_path: Path) -> None:
    run(csv_file(tmp_path, candles(3)))
    before = Series.objects.get().content_hash

    said = run(csv_file(tmp_path, candles(3, seed=1)), "--on-conflict", "keep")

    assert "0 new, 3 changed" in said
    assert Series.objects.get().content_hash == before


def test_conflicting_candles_may_fail(tmp_path: Path) -> None:
    run(csv_file(tmp_path, candles(3)))

    with pytest.raises(CommandError, match="the first of them at 2023-01-02 00:00"):
        run(csv_file(tmp_path, candles(3, seed=1)), "--on-conflict", "fail")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "“x.csv”: it is empty; fetch it again."),
        ("<html></html>", "“x.csv”: it is a web page, not candles; download the"),
        ("[ ]\n", "“x.csv”: it is empty; fetch it again."),
        ("hello", "“x.csv”: it is no file of candles that is known here"),
        ("time,open,high,low,close,volume\n", "the file holds no candles; fetch"),
        ("time,open,high,low,close,volume\n1,1,1,1,1,1\n", "none of its 1 times is"),
        ("ARROW1", "it is damaged or cut off"),
    ],
)
def test_a_file_that_is_no_good_is_one_sentence(
    tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)

    with pytest.raises(CommandError, match=sentence):
        run(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match="“none.csv”: it cannot be read: No such file"
    ):
        run(tmp_path / "none.csv")


def test_a_folder_without_a_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There are no files at"):
        run(tmp_path)


def test_an_unknown_timeframe_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="“7m” is not a timeframe; use one of 1m"):
        run(csv_file(tmp_path, candles(3)), timeframe="7m")


def test_another_timeframe_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="bars are 1h apart, not 1d; import it as"):
        run(csv_file(tmp_path, candles(3)), timeframe="1d")


def test_a_symbol_that_is_no_name_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Give a symbol of 1 to 40 characters"):
        run(csv_file(tmp_path, candles(3)), symbol=" ")


def test_an_unknown_way_with_conflicts_names_the_choices(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="replace.*keep.*fail"):
        run(csv_file(tmp_path, candles(3)), "--on-conflict", "guess")


def test_a_database_that_refuses_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**options: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(import_candles, "source_import", locked)

    with pytest.raises(CommandError, match="The database refused: database is locked"):
        run(csv_file(tmp_path, candles(3)))
