"""The golden files of independent engines: where they are and how they map to ours."""

import csv
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import ExecutionConfig
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals

REPOSITORY = Path(__file__).resolve().parents[3]
FOLDER = REPOSITORY.parent / "shared" / "golden"
MISSING = f"the golden files are not beside the repository ({FOLDER.name})"

PUBLIC_NAMES = {
    "init_cash": "initial_capital",
    "sl": "stop_loss",
    "tp": "take_profit",
    "trail": "trailing_stop",
}


def load_json(path: str) -> Any:
    with (FOLDER / path).open() as file:
        return json.load(file)


def configs(package: str) -> list[dict[str, Any]]:
    """Return the configs of a package, none when the folder is missing."""
    if not FOLDER.exists():
        return []
    found: list[dict[str, Any]] = load_json(f"{package}/configs.json")
    return found


def number(text: str) -> float:
    return float(text) if text else float("nan")


@cache
def table(path: str) -> list[dict[str, str]]:
    with gzip.open(FOLDER / path, "rt") as file:
        return list(csv.DictReader(file))


@cache
def candles(symbol: str) -> Ohlcv:
    rows = table(f"data/{symbol}.csv.gz")
    time = np.array([row["time"] for row in rows], "datetime64[ms]").astype(np.int64)
    columns = (
        np.array([number(row[name]) for row in rows])
        for name in ("Open", "High", "Low", "Close", "Volume")
    )
    return Ohlcv(time, *columns)


@cache
def equity_table(package: str, symbol: str) -> dict[str, NDArray[np.float64]]:
    rows = table(f"{package}/equity_{symbol}.csv.gz")
    return {name: np.array([number(r[name]) for r in rows]) for name in rows[0]}


def signals_of(config: dict[str, Any]) -> Signals:
    ohlcv = candles(config["data"])
    given = load_json(f"signals/{config['data']}.json")["sets"][config["signals"]]

    def mask(name: str) -> NDArray[np.bool_]:
        values = np.zeros(len(ohlcv), np.bool_)
        if name in config["use"]:
            values[given[name]] = True
        return values

    return Signals(mask("el"), mask("xl"), mask("es"), mask("xs"))


def execution_of(config: dict[str, Any]) -> ExecutionConfig:
    engine: dict[str, Any] = dict(config["engine"])
    if engine.pop("on_bankrupt", None):
        # The peer knows no margin call, only the end of the account at a close.
        engine["maint_margin"] = None
    return ExecutionConfig(**{PUBLIC_NAMES.get(k, k): v for k, v in engine.items()})


def rows_of(package: str, name: str, config_id: str) -> list[dict[str, str]]:
    return [r for r in table(f"{package}/{name}.csv.gz") if r["config"] == config_id]


def column(rows: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([number(row[name]) for row in rows])
