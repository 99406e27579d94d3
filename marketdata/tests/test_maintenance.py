from typing import Any

import pytest

from accounts.tests.factories import user_create
from backtests.tests.factories import backtest_queued
from botforge.errors import Conflict, InvalidInput
from marketdata.merging import OnConflict
from marketdata.models import CandleBlock, MaintenanceRecord, Series
from marketdata.ohlcv import Ohlcv
from marketdata.services.maintenance import (
    series_delete,
    series_merge,
    series_repair,
)
from marketdata.storage import BLOCK_BARS, read_candles
from marketdata.tests.candles import HOUR, START, candles, same, series_create

pytestmark = pytest.mark.django_db
ACTOR = "somebody"


def merge(source: Series, target: Series, **options: Any) -> MaintenanceRecord:
    given = {"on_conflict": OnConflict.FAIL, "actor": ACTOR} | options
    return series_merge(source=source, target=target, **given)


def test_a_deleted_series_leaves_an_audit_line_and_nothing_else() -> None:
    series = series_create(candles(10))

    series_delete(series=series, actor=ACTOR)

    record = MaintenanceRecord.objects.get()
    assert not Series.objects.exists()
    assert not CandleBlock.objects.exists()
    assert (record.action, record.actor, record.outcome["bars"]) == (
        "delete",
        ACTOR,
        10,
    )
    assert "BTC/USDT binance 1h" in record.target


def test_a_series_that_a_backtest_needs_is_kept() -> None:
    series = series_create(candles(10))
    backtest_queued(user_create(), series)

    with pytest.raises(Conflict, match="1h is kept: 1 backtest needs it"):
        series_delete(series=series, actor=ACTOR)

    assert series.blocks.count() == 1
    assert not MaintenanceRecord.objects.exists()


def test_what_was_refused_is_not_in_the_log(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level("INFO", "marketdata")
    needed, other = series_create(candles(10)), series_create(candles(10), symbol="B")
    backtest_queued(user_create(), needed)

    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(Conflict):
            series_delete(series=needed, actor=ACTOR)
        series_delete(series=other, actor=ACTOR)

    (said,) = caplog.messages
    assert said.startswith("delete of B binance 1h by somebody")


def test_a_private_series_is_backtested_by_its_owner_alone() -> None:
    owner, stranger = user_create(), user_create(email="stranger@example.org")
    series = series_create(candles(10))
    Series.objects.update(owner=owner)

    backtest_queued(owner, series)
    with pytest.raises(InvalidInput, match="No series has this id"):
        backtest_queued(stranger, series)


def test_a_merge_moves_the_candles_and_removes_the_source() -> None:
    whole = candles(20)
    target = series_create(whole.slice(0, 10))
    source = series_create(whole, symbol="OTHER")

    record = merge(source, target)

    assert same(read_candles(target, None, None), whole)
    assert Series.objects.get() == target
    assert (record.outcome["new"], record.outcome["unchanged"]) == (10, 10)


def test_a_merge_may_keep_the_source() -> None:
    target = series_create(candles(20).slice(0, 10))
    source = series_create(candles(20), symbol="OTHER")

    merge(source, target, keep_source=True)

    assert Series.objects.count() == 2


def test_a_merge_of_other_values_changes_nothing() -> None:
    stored = candles(10)
    target = series_create(stored)
    source = series_create(candles(10, seed=1), symbol="OTHER")

    with pytest.raises(Conflict, match="other values"):
        merge(source, target)

    assert same(read_candles(target, None, None), stored)
    assert Series.objects.count() == 2
    assert not MaintenanceRecord.objects.exists()


def test_series_of_other_timeframes_are_not_merged() -> None:
    target = series_create(candles(10))
    source = series_create(candles(10, step=24 * HOUR), timeframe="1d")

    with pytest.raises(InvalidInput, match="timeframe of the two differs"):
        merge(source, target)


def test_adjusted_prices_are_not_merged_with_others() -> None:
    target = series_create(candles(10))
    source = series_create(candles(10), symbol="OTHER")
    source.adjustment = Series.Adjustment.SPLIT

    with pytest.raises(InvalidInput, match="adjustment of the two differs"):
        merge(source, target)


def test_hours_that_open_at_other_times_are_not_merged() -> None:
    target = series_create(candles(10))
    source = series_create(symbol="OTHER")
    source.anchor_ms = HOUR // 2

    with pytest.raises(InvalidInput, match="anchor_ms of the two differs"):
        merge(source, target)


def with_dividend(series: Series, value: float) -> None:
    assert series.first is not None
    series.actions.create(kind="dividend", time=series.first, value=value)


def test_a_merge_takes_splits_and_dividends_along() -> None:
    target = series_create(candles(20).slice(0, 10))
    source = series_create(candles(20), symbol="OTHER")
    with_dividend(source, 0.25)

    merge(source, target)

    assert [action.value for action in target.actions.all()] == [0.25]


def test_a_merge_of_other_dividends_changes_nothing() -> None:
    target = series_create(candles(10))
    source = series_create(candles(10), symbol="OTHER")
    with_dividend(target, 0.25)
    with_dividend(source, 0.5)

    with pytest.raises(Conflict, match="Another dividend is stored"):
        merge(source, target)

    assert [action.value for action in target.actions.all()] == [0.25]
    assert Series.objects.count() == 2


def test_prices_on_two_scales_are_not_merged() -> None:
    whole = candles(20)
    time, volume = whole.time, whole.volume
    prices = [0.25 * p for p in (whole.open, whole.high, whole.low, whole.close)]
    quarter = Ohlcv(time, prices[0], prices[1], prices[2], prices[3], volume)
    target = series_create(whole)
    source = series_create(quarter.slice(10, 20), symbol="OTHER")
    Series.objects.update(adjustment="split")
    target.refresh_from_db()
    source.refresh_from_db()

    with pytest.raises(Conflict, match="0.25 times those stored"):
        merge(source, target, on_conflict=OnConflict.REPLACE)


def test_a_series_is_not_merged_with_itself() -> None:
    series = series_create(candles(10))

    with pytest.raises(InvalidInput, match="two different series"):
        merge(series, series)


def test_sound_candles_are_left_as_they_are() -> None:
    series = series_create(candles(BLOCK_BARS + 10))
    before = list(CandleBlock.objects.values())

    record = series_repair(series=series, actor=ACTOR)

    assert record.outcome == {"damaged": {}, "blocks": [], "bars_lost": 0}
    assert list(CandleBlock.objects.values()) == before
    series.refresh_from_db()
    assert series.revision == 1


@pytest.mark.parametrize("payload", [b"", b"unreadable", b"\xff\xff\xff\xff\0\0\0\0"])
def test_a_block_that_cannot_be_read_is_removed(payload: bytes) -> None:
    whole = candles(BLOCK_BARS, start=58 * BLOCK_BARS * HOUR - 100 * HOUR)
    series = series_create(whole)
    CandleBlock.objects.filter(number=58).update(payload=payload)

    record = series_repair(series=series, actor=ACTOR)

    assert record.outcome["damaged"] == {"unreadable": 1}
    assert record.outcome["bars_lost"] == BLOCK_BARS - 100
    series.refresh_from_db()
    assert (series.bars, series.revision) == (100, 2)
    assert same(read_candles(series, None, None), whole.slice(0, 100))


def test_a_series_whose_only_block_is_unreadable_is_empty() -> None:
    series = series_create(candles(10))
    CandleBlock.objects.update(payload=b"unreadable")

    series_repair(series=series, actor=ACTOR)

    series.refresh_from_db()
    assert (series.bars, series.first, series.grade) == (0, None, "")


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"content_hash": "wrong"}, "wrong hash"),
        ({"bars": 9}, "wrong count"),
        ({"last_ms": START}, "wrong count"),
        ({"gaps": 3, "content_hash": "wrong"}, "wrong hash"),
    ],
)
def test_what_a_block_says_of_itself_is_counted_again(
    wrong: dict[str, Any], kind: str
) -> None:
    series = series_create(candles(10))
    before = CandleBlock.objects.values().get()
    CandleBlock.objects.update(**wrong)

    record = series_repair(series=series, actor=ACTOR)

    assert record.outcome["damaged"] == {kind: 1}
    assert CandleBlock.objects.values().get() == before
    assert record.outcome["bars_lost"] == 0


def test_candles_in_the_wrong_block_are_removed() -> None:
    series = series_create(candles(10))
    CandleBlock.objects.update(number=3)

    record = series_repair(series=series, actor=ACTOR)

    assert record.outcome["damaged"] == {"unreadable": 1}
