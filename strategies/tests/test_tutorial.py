"""The tutorial's programs are run as they stand there, over the sample."""

import re
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, sample_candles

TUTORIAL = Path(settings.BASE_DIR) / "docs" / "tutorial.md"
BLOCKS = re.findall(r"```python\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)


def test_it_goes_from_two_averages_to_several_timeframes() -> None:
    assert len(BLOCKS) == 8
    assert "sma(close, 20)" in BLOCKS[0]
    assert 'htf("1d"' in BLOCKS[-1]
    assert "atr(14)" in BLOCKS[-1]


@pytest.mark.parametrize("code", BLOCKS)
def test_each_program_decides_something(code: str) -> None:
    strategy = LanguageStrategy.of(code).on(HOUR_MS)
    values = strategy.resolve({})

    signals = strategy.generate_signals(sample_candles(), values)

    assert np.count_nonzero(signals.enter_long) > 10
    assert np.count_nonzero(signals.exit_long) > 10
    if signals.stop_loss is not None:
        entered = signals.stop_loss[signals.enter_long]
        assert (entered[~np.isnan(entered)] > 0).all()


def test_the_warm_up_that_it_names_is_right() -> None:
    strategy = LanguageStrategy.of(BLOCKS[1]).on(HOUR_MS)

    assert strategy.warmup_bars(strategy.resolve({})) == 100
