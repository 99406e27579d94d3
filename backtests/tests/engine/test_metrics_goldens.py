"""Metrics of every golden curve against the packages that metrics.md names as equal."""

import math
from typing import Any

import numpy as np
import pytest

from backtests.engine import Metrics, SimulationResult, measure, simulate
from backtests.engine.calendars import Calendar
from backtests.tests.engine import golden
from backtests.tests.engine.scenario import candles, free, signals

pytestmark = pytest.mark.skipif(not golden.FOLDER.exists(), reason=golden.MISSING)

CLOSE = 1e-9
EMPYRICAL = {
    "unannualized": {
        "cum_returns_final": "total_return",
        "max_drawdown": "max_drawdown",
        "tail_ratio": "tail_ratio",
        "value_at_risk_05": "var_95",
        "conditional_value_at_risk_05": "cvar_95",
        "excess_sharpe": "information_ratio",
        "beta": "beta",
    },
    "annualization": {
        "annual_return": "annual_return",
        "annual_volatility": "volatility",
        "sharpe_ratio": "sharpe_bar",
        "sortino_ratio": "sortino",
        "calmar_ratio": "calmar",
        "omega_ratio": "omega",
        "alpha": "alpha",
    },
}
QUANTSTATS = {
    "unannualized": {
        "comp": "total_return",
        "max_drawdown": "max_drawdown",
        "tail_ratio": "tail_ratio",
        "information_ratio": "information_ratio",
    },
    "periods": {
        "cagr": "annual_return",
        "volatility": "volatility",
        "sharpe": "sharpe_bar",
        "sortino": "sortino",
        "calmar": "calmar",
        "omega": "omega",
        "greeks_beta": "beta",
    },
}
BACKTESTING = {
    "CAGR [%]": ("cagr", 0.01),
    "Max. Drawdown [%]": ("max_drawdown", 0.01),
    "Avg. Drawdown [%]": ("avg_drawdown", 0.01),
    "Win Rate [%]": ("win_rate", 0.01),
    "Best Trade [%]": ("best_trade", 0.01),
    "Worst Trade [%]": ("worst_trade", 0.01),
    "Avg. Trade [%]": ("avg_trade", 0.01),
    "Expectancy [%]": ("expectancy_pct", 0.01),
    "SQN": ("sqn", 1.0),
    "Kelly Criterion": ("kelly", 1.0),
    "# Trades": ("trades", 1.0),
}
CURVES = (
    golden.load_json("metrics/metrics.json")["curves"] if golden.FOLDER.exists() else {}
)


def found(key: str) -> tuple[SimulationResult, dict[str, Any]]:
    package, config_id = key.split(":")
    config = next(c for c in golden.configs(package) if c["id"] == config_id)
    ohlcv = golden.candles(config["data"])
    result = simulate(ohlcv, golden.signals_of(config), golden.execution_of(config))
    # The peer's own curve: it books some fees a bar later than the engine.
    curve = golden.equity_table(package, config["data"])[config_id]
    return SimulationResult(**(vars(result) | {"equity": curve})), config


def measured(
    result: SimulationResult, config: dict[str, Any], periods: float
) -> Metrics:
    """Measure with exactly ``periods`` a year, as the peers were told."""

    class Told(Calendar):
        def periods_per_year(self, bar_seconds: float) -> float:
            return periods

    return measure(result, golden.candles(config["data"]), Told())


@pytest.mark.parametrize("key", CURVES)
def test_returns_agree_with_empyrical_and_quantstats(key: str) -> None:
    result, config = found(key)
    for package, names in (("empyrical", EMPYRICAL), ("quantstats", QUANTSTATS)):
        for section, expected in CURVES[key][package].items():
            kind, _, periods = section.partition("=")
            ours = measured(result, config, float(periods or 365))
            for theirs, name in names[kind].items():
                assert ours[name] == pytest.approx(expected[theirs], rel=CLOSE), name


VECTORBT_STATS = (
    golden.load_json("vectorbt/stats.json") if golden.FOLDER.exists() else {}
)


@pytest.mark.parametrize("config_id", VECTORBT_STATS)
def test_trades_and_tails_agree_with_vectorbt(config_id: str) -> None:
    result, config = found(f"vectorbt:{config_id}")
    stats = VECTORBT_STATS[config_id]
    # The peer counts a trade that is still open among the others.
    trades = np.concatenate([result.trades, result.open_trades])
    everything = SimulationResult(**(vars(result) | {"trades": trades}))
    ours = measured(everything, config, 365)
    curve = stats["returns_acc year_freq=365 days"]

    for name in ("win_rate", "profit_factor", "expectancy", "sqn"):
        assert ours[name] == pytest.approx(stats["trades"][name], rel=CLOSE), name
    assert ours["ulcer_index"] == pytest.approx(curve["ulcer_index"], rel=CLOSE)
    assert ours["trades"] == stats["trades"]["count"]
    assert ours["time_in_market"] == pytest.approx(stats["position_coverage"])
    assert ours["fees_paid"] == pytest.approx(stats["total_fees"], rel=CLOSE)


BACKTESTING_STATS = (
    golden.load_json("backtesting_py/stats.json") if golden.FOLDER.exists() else {}
)


@pytest.mark.parametrize("config_id", BACKTESTING_STATS)
def test_trades_and_drawdowns_agree_with_backtesting_py(config_id: str) -> None:
    result, config = found(f"backtesting_py:{config_id}")
    stats = BACKTESTING_STATS[config_id]["stats"]
    ours = measured(result, config, 365)

    for theirs, (name, unit) in BACKTESTING.items():
        expected = math.nan if stats[theirs] is None else stats[theirs] * unit
        assert ours[name] == pytest.approx(expected, rel=CLOSE, nan_ok=True), name
    for theirs, name in (
        ("Max. Drawdown Duration", "max_dd_duration"),
        ("Avg. Drawdown Duration", "avg_dd_duration"),
        ("Avg. Trade Duration", "avg_duration"),
        ("Max. Trade Duration", "max_duration"),
    ):
        # The peer rounds durations up to the resolution of its index.
        bar = 86_400 if config["data"] == "GOOG" else 3_600
        assert 0 <= stats[theirs] - ours[name] < bar, name
    assert ours["total_return"] == pytest.approx(stats["Return [%]"] / 100)


SMALL = (
    golden.load_json("metrics/small_empyrical.json") if golden.FOLDER.exists() else {}
)
# metrics.md: zero variance and no losses are NaN here, infinite or 0 in some peers.
UNDEFINED = {
    "sharpe_bar": ("zeros", "constant", "single"),
    "sortino": ("zeros", "constant", "single", "all_positive"),
    "beta": ("single",),
}


@pytest.mark.parametrize("name", SMALL.get("series", {}))
def test_small_samples_agree_with_empyrical(name: str) -> None:
    from_start = np.array([0.0, *SMALL["series"][name]])
    returns = from_start[1:]
    equity = 100 * np.cumprod(1 + from_start)
    closes = 100 * np.cumprod(1 + np.array([0.0, *SMALL["benchmark (first n values)"]]))
    ours = small(equity, closes[: len(equity)])
    expected = SMALL["results"][name]

    assert ours["total_return"] == pytest.approx(float(np.prod(1 + returns)) - 1)
    for section in EMPYRICAL.values():
        for theirs, key in section.items():
            value = expected[theirs]
            if name in UNDEFINED.get(key, ()) or value is None:
                assert math.isnan(ours[key]), key
            elif value != "inf":
                assert ours[key] == pytest.approx(value, rel=1e-9, abs=1e-12), key


def small(equity: np.ndarray, closes: np.ndarray) -> Metrics:
    rows = [(float(c), float(c), float(c), float(c)) for c in closes]
    ohlcv = candles(rows)
    idle = simulate(ohlcv, signals(len(rows)), free())
    return measure(SimulationResult(**(vars(idle) | {"equity": equity})), ohlcv)
