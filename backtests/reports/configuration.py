"""The whole configuration: what was run, on what, and under which rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from backtests.engine import ExecutionConfig
from backtests.reports import numbers
from backtests.reports.data import ReportData
from backtests.reports.numbers import moment, rate

_MONEY = ("initial_capital", "fixed_fee", "min_notional")
_RATES = (
    "fee_rate",
    "maker_fee_rate",
    "liq_fee_rate",
    "slippage",
    "entry_slippage",
    "maint_margin",
    "stop_loss",
    "take_profit",
    "trailing_stop",
)
_NAMES = {
    "fee_rate": "Fee",
    "maker_fee_rate": "Fee of a take profit",
    "fixed_fee": "Fixed fee per fill",
    "entry_slippage": "Extra slippage of entries",
    "liq_fee_rate": "Fee of a liquidation",
    "maint_margin": "Maintenance margin",
    "min_qty": "Smallest quantity",
    "max_qty": "Largest quantity",
    "min_notional": "Smallest order value",
    "on_opposite": "On the opposite signal",
    "on_conflict": "On conflicting signals",
    "on_insufficient": "On too little cash",
    "intrabar": "Inside a bar",
}
# What None says: nothing, but for these the same as another.
_UNSET = {"maker_fee_rate": "as fee", "liq_fee_rate": "as fee"}


@dataclass(frozen=True, slots=True)
class Row:
    """A setting, its value, and whether the value is a hash or other long text."""

    name: str
    value: str
    code: bool = False


def strategy_rows(data: ReportData) -> list[Row]:
    rows = [Row("Strategy", data.subject.strategy), Row("From", data.subject.origin)]
    return rows + [
        Row(name, _text(value)) for name, value in data.subject.parameters.items()
    ]


def market_rows(data: ReportData) -> list[Row]:
    said = data.manifest["data"]
    time = data.equity["time"]
    return [
        Row("Symbol", f"{said['symbol']} on {said['source']}"),
        Row("Timeframe", said["timeframe"]),
        Row("First bar", f"{moment(int(time[0]))} UTC"),
        Row("Last bar", f"{moment(int(time[-1]))} UTC"),
        Row("Bars", f"{said['bars']:,} after {said['warmup_bars']:,} of warm-up"),
        Row("Data grade", said.get("grade") or numbers.DASH),
        Row("Year", f"{data.days_per_year} trading days"),
        Row("Data hash", said["data_hash"][:12], code=True),
    ]


def cost_rows(data: ReportData) -> list[Row]:
    """Return the settings that cost or risk money, each in words."""
    rules = data.manifest["execution"]
    rows = [
        Row("Starting capital", numbers.money(rules["initial_capital"])),
        Row("Fee", f"{rate(rules['fee_rate'])} of each fill"),
        Row("Slippage", f"{rate(rules['slippage'])} of each market fill"),
        Row("Fills", setting_text("fill", rules["fill"])),
        Row("Size", _size(rules)),
        Row("Sides", _sides(rules)),
        Row("Leverage", f"{rules['leverage']:g} ×"),
    ]
    for name in ("stop_loss", "take_profit", "trailing_stop"):
        if rules.get(name) is not None:
            rows.append(Row(setting_name(name), rate(rules[name])))
    return [*rows, Row("Engine", data.manifest["engine_version"], code=True)]


def execution_rows(data: ReportData) -> list[Row]:
    """Return every rule of execution with every default written out."""
    rules = data.manifest["execution"]
    # A database may keep an object's members in any order.
    names = [field.name for field in fields(ExecutionConfig) if field.name in rules]
    return [Row(setting_name(name), setting_text(name, rules[name])) for name in names]


def identity_rows(data: ReportData) -> list[Row]:
    """Return what has to be the same for the result to be the same."""
    manifest, said = data.manifest, data.manifest["data"]
    rows = [
        Row("Engine", manifest["engine_version"], code=True),
        Row("Data hash", said["data_hash"], code=True),
        Row("Data revision", str(said["revision"])),
        Row("Strategy hash", manifest["strategy"]["source_hash"], code=True),
    ]
    packages = manifest.get("packages", {})
    return rows + [Row(name, packages[name], code=True) for name in sorted(packages)]


def manifest_text(data: ReportData) -> str:
    return json.dumps(data.manifest, indent=2, sort_keys=True, ensure_ascii=False)


def setting_name(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())


def setting_text(name: str, value: Any) -> str:
    if value is None:
        return _UNSET.get(name, "none")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _MONEY:
        return numbers.money(value)
    if name in _RATES:
        return rate(value)
    return _text(value).replace("_", " ") if isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _size(rules: Mapping[str, Any]) -> str:
    size, mode = rules["size"], rules["size_mode"]
    if mode == "equity_fraction":
        return f"{rate(size)} of equity"
    if mode == "risk_fraction":
        return f"risking {rate(size)} of equity"
    if mode == "quote_value":
        return f"{numbers.money(size)} a position"
    return f"{size:g} units"


def _sides(rules: Mapping[str, Any]) -> str:
    sides = [side for side in ("long", "short") if rules[f"allow_{side}"]]
    return " and ".join(sides)
