import numpy as np
import pytest

from botforge.errors import InvalidInput
from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import DAY_MS, MINUTE_MS
from strategies.language.compiling import compile_program
from strategies.language.graph import GraphBuilder, Node
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, candles_of
from strategies.tests.language.checking import ORDER, codes, shown, value_of

HALF_DAYS = [float(n) for n in range(1, 9)]


def _bars(closes: list[float], *, step_ms: int, first_ms: int = 0) -> Ohlcv:
    _, *columns = candles_of(closes)
    return Ohlcv(first_ms + np.arange(len(closes)) * step_ms, *columns)


def _plot(expression: str, ohlcv: Ohlcv, step_ms: int) -> list[float]:
    strategy = LanguageStrategy.of(f'{ORDER}plot("x", {expression})').on(step_ms)
    return [float(v) for v in shown(strategy, ohlcv, {})["x"]]


def test_a_higher_bar_is_seen_from_the_base_bar_that_ends_with_it() -> None:
    half_days = _bars(HALF_DAYS, step_ms=DAY_MS // 2)

    seen = _plot('htf("1d", close)', half_days, DAY_MS // 2)

    np.testing.assert_equal(seen, [np.nan, 2, 2, 4, 4, 6, 6, 8])


def test_its_open_high_low_and_volume_are_those_of_the_whole_bar() -> None:
    half_days = _bars([3, 1, 5, 2], step_ms=DAY_MS // 2)

    for name, value in {"open": 3.0, "high": 3.0, "low": 1.0, "volume": 2.0}.items():
        assert _plot(f'htf("1d", {name})', half_days, DAY_MS // 2)[1] == value


def test_a_bar_that_was_under_way_when_the_data_began_does_not_count() -> None:
    half_days = _bars(HALF_DAYS, step_ms=DAY_MS // 2, first_ms=DAY_MS // 2)

    seen = _plot('htf("1d", close)', half_days, DAY_MS // 2)

    np.testing.assert_equal(seen, [np.nan, np.nan, 3, 3, 5, 5, 7, 7])


def test_a_shift_inside_counts_higher_bars() -> None:
    half_days = _bars(HALF_DAYS, step_ms=DAY_MS // 2)

    seen = _plot('htf("1d", close[1])', half_days, DAY_MS // 2)

    np.testing.assert_equal(seen, [np.nan] * 3 + [2, 2, 4, 4, 6])


def test_a_gap_delays_a_bar_until_the_next_candle() -> None:
    time = np.array([0, 1, 3, 4]) * (DAY_MS // 2)  # the second half of day 2 is missing
    _, *columns = candles_of([1.0, 2.0, 4.0, 5.0])
    seen = _plot('htf("1d", close)', Ohlcv(time, *columns), DAY_MS // 2)

    np.testing.assert_equal(seen, [np.nan, 2, 4, 4])

    time = np.array([0, 1, 2, 4]) * (DAY_MS // 2)
    seen = _plot('htf("1d", close)', Ohlcv(time, *columns), DAY_MS // 2)
    np.testing.assert_equal(seen, [np.nan, 2, 2, 4])


def test_weeks_begin_on_monday() -> None:
    monday = 4 * DAY_MS  # 1970-01-05
    days = _bars([float(n) for n in range(1, 16)], step_ms=DAY_MS, first_ms=monday)

    seen = _plot('htf("1w", close)', days, DAY_MS)

    np.testing.assert_equal(seen, [np.nan] * 6 + [7] * 7 + [14] * 2)


def test_the_own_timeframe_is_the_base_itself() -> None:
    hours = _bars(HALF_DAYS, step_ms=HOUR_MS)

    assert _plot('htf("1h", close)', hours, HOUR_MS) == HALF_DAYS


def test_names_are_computed_over_the_higher_bars() -> None:
    half_days = _bars(HALF_DAYS, step_ms=DAY_MS // 2)
    strategy = LanguageStrategy.of(
        f'{ORDER}mean = sma(close, 2)\nplot("x", htf("1d", mean))'
    )

    seen = shown(strategy.on(DAY_MS // 2), half_days, {})["x"]

    np.testing.assert_equal(seen.tolist(), [np.nan] * 3 + [3, 3, 5, 5, 7])


def test_several_outputs_come_down_together() -> None:
    half_days = _bars([float(n) for n in range(1, 81)], step_ms=DAY_MS // 2)

    values = value_of(
        "line - signal - hist",
        half_days,
        before='line, signal, hist = htf("12h", macd(close, 3, 5, 2))',
    )

    assert np.nanmax(np.abs(values)) < 1e-9


def test_a_timeframe_that_does_not_divide_is_refused() -> None:
    strategy = LanguageStrategy.of(f'x = htf("1d", close)\n{ORDER}')

    for step_ms in (2 * DAY_MS, 7 * DAY_MS, 7 * MINUTE_MS):
        with pytest.raises(InvalidInput, match="needs candles of which a whole number"):
            strategy.on(step_ms)


def test_it_takes_a_series_and_a_timeframe_that_is_written_out() -> None:
    assert codes(f'{ORDER}x = htf("7m", close)') == ["not_a_choice"]
    assert codes(f'{ORDER}x = htf("1d", 5)') == ["wrong_type"]
    assert codes(f"{ORDER}x = htf(close, close)") == ["wrong_type"]
    assert codes(f'{ORDER}x = htf("1w", htf("1d", close))') == ["nested_htf"]
    assert codes(f'{ORDER}d = htf("1d", close)\nx = htf("1w", d)') == ["nested_htf"]


def test_without_a_label_the_smallest_step_is_the_timeframe() -> None:
    strategy = LanguageStrategy.of(f'{ORDER}plot("x", htf("1d", close))')

    half_days = _bars(HALF_DAYS, step_ms=DAY_MS // 2)

    np.testing.assert_equal(
        shown(strategy, half_days, {})["x"].tolist(), [np.nan, 2, 2, 4, 4, 6, 6, 8]
    )


def test_what_has_been_copied_into_a_timeframe_is_not_copied_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added: list[Node] = []
    add = GraphBuilder.add

    def counted(builder: GraphBuilder, node: Node) -> int:
        added.append(node)
        return add(builder, node)

    monkeypatch.setattr(GraphBuilder, "add", counted)
    long = "x0 = close\n" + "".join(f"x{i + 1} = x{i} + {i}\n" for i in range(100))

    def work(times: int) -> int:
        added.clear()
        total = " + ".join(['htf("1d", x100)'] * times)
        compile_program(f"{long}enter_long = {total} > 0\n")
        return len(added)

    # The text "1d", the htf itself, and the sum.
    assert work(51) - work(1) == 50 * 3
