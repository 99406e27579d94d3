from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.tests.factories import user_create
from marketdata.ohlcv import Ohlcv
from marketdata.tests.candles import candles, series_create
from strategies.base import BaseStrategy, Signals, Values
from strategies.library import registry
from strategies.tests.factories import strategy_of


class Prophet(BaseStrategy):
    """Buys the bar before each rise."""

    slug = "prophet"
    title = "Prophet"

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        rises = np.diff(ohlcv.close, append=ohlcv.close[-1:]) > 0
        return Signals.of(len(ohlcv), enter_long=rises)


def _checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("check_strategy", *arguments)
    return capsys.readouterr().out


def test_a_built_in_strategy_is_described_and_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = _checked(capsys, "turtle", "--parameters", '{"entry": 55}')

    assert '"entry": 55' in shown
    assert "Warm-up: 55 bars of 1h" in shown
    assert "additions and" in shown
    assert "no signal changed when the candles after it were missing" in shown


def test_a_file_is_checked_without_being_stored(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text('enter_long = close > htf("1d", sma(close, 2))\n')

    shown = _checked(capsys, str(file), "--timeframe", "4h")

    # Two days of six bars each, and at worst five bars of an incomplete one before.
    assert "Warm-up: 16 bars of 4h" in shown
    assert "Outputs: enter_long" in shown


def test_every_problem_of_a_file_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("x = clsoe\nenter_long = smaa(close, 2) > 1\n")

    with pytest.raises(CommandError) as wrong:
        call_command("check_strategy", str(file))

    assert wrong.value.returncode == 1
    first, second = str(wrong.value).splitlines()
    assert first.startswith("1:5: There is no clsoe. Did you mean `close`?")
    assert second.startswith("2:14: There is no smaa().")


@pytest.mark.django_db
def test_a_users_strategy_is_checked_by_its_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    strategy = strategy_of(user_create())

    shown = _checked(capsys, str(strategy.pk))

    assert 'Parameters: {"fast": 20}' in shown


@pytest.mark.django_db
def test_the_candles_can_be_those_of_a_series(
    capsys: pytest.CaptureFixture[str],
) -> None:
    series = series_create(candles(300))

    shown = _checked(capsys, "ma_cross", "--series", str(series.pk))

    assert "In 300 candles" in shown


def test_a_strategy_that_looks_ahead_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(registry._LIBRARY, "prophet", Prophet())

    with pytest.raises(CommandError, match="Looks ahead: enter_long of bar"):
        call_command("check_strategy", "prophet")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nothing"], "There is no built-in strategy 'nothing'"),
        (["999999"], "There is no strategy 999999"),
        (["turtle", "--parameters", "{"], "not JSON"),
        (["turtle", "--parameters", "[1]"], "must be an object"),
        (["turtle", "--parameters", '{"entry": 1}'], "entry must be at least 2"),
        (["mtf_trend", "--timeframe", "1w"], "needs candles of which a whole number"),
        (["turtle", "--series", "none"], "There is no series"),
    ],
)
def test_a_mistake_is_a_sentence(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("check_strategy", *arguments)
