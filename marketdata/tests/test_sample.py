"""The bundled sample, against facts that were counted independently."""

import math
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from marketdata import sample
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import read_candles

pytestmark = pytest.mark.django_db
FIRST = datetime(2017, 8, 17, 4, tzinfo=UTC)
LAST = datetime(2024, 4, 21, 14, tzinfo=UTC)


@pytest.fixture
def series() -> Series:
    call_command(
        "import_candles",
        str(sample.PATH),
        symbol=sample.SYMBOL,
        timeframe=sample.TIMEFRAME,
        source=sample.SOURCE,
    )
    return Series.objects.get()


def bar(ohlcv: Ohlcv, index: int) -> list[float]:
    return [float(column[index]) for column in ohlcv][1:]


def test_the_sample_is_summed_up(series: Series) -> None:
    assert (series.first, series.last) == (FIRST, LAST)
    assert (series.bars, series.gaps, series.missing_bars) == (58_419, 28, 128)
    assert series.imports.get().rejected == {}


def test_the_sample_is_stored_to_the_last_digit(series: Series) -> None:
    candles = read_candles(series, None, None)

    assert bar(candles, 0) == [4261.48, 4313.62, 4261.32, 4308.83, 47.181009]
    assert bar(candles, -1) == [64882.0, 65036.82, 64790.0, 64893.5, 637.65276]
    assert math.fsum(candles.close) == 1_315_109_259.2
    assert math.fsum(candles.volume) == 175_788_428.869482
    assert int((candles.volume == 0).sum()) == 4


def test_the_sample_lies_in_few_bytes() -> None:
    assert sample.PATH.stat().st_size < 2_000_000
