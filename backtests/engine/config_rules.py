"""What a valid ExecutionConfig is: one sentence for every rule that is broken."""

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botforge.errors import FieldError


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a number; ``low_open`` excludes the lower bound itself."""

    low: float
    high: float = math.inf
    low_open: bool = False
    optional: bool = False
    integer: bool = False
    hint: str = ""


RANGES: Mapping[str, Range] = {
    "initial_capital": Range(0, low_open=True),
    "fee_rate": Range(-0.1, 1, low_open=True, hint="0.001 means 0.1 %"),
    "maker_fee_rate": Range(-0.1, 1, low_open=True, optional=True, hint="null = fee"),
    "liq_fee_rate": Range(-0.1, 1, low_open=True, optional=True, hint="null = fee"),
    "fixed_fee": Range(0),
    "slippage": Range(0, 0.99, hint="0.0005 means 5 basis points"),
    "entry_slippage": Range(0, 0.99, hint="0.0005 means 5 basis points"),
    "size": Range(0, low_open=True),
    "lot_step": Range(0, low_open=True, optional=True),
    "min_qty": Range(0),
    "max_qty": Range(0, low_open=True, optional=True, hint="null = no limit"),
    "min_notional": Range(0),
    "price_tick": Range(0, low_open=True, optional=True),
    "leverage": Range(1, 1000),
    "maint_margin": Range(0, 0.999, optional=True, hint="null = no liquidation"),
    "pyramiding": Range(1, 1_000_000_000, integer=True),
    "max_positions": Range(1, integer=True, optional=True, hint="null = no limit"),
    "stop_loss": Range(0, low_open=True, optional=True, hint="0.05 means 5 %"),
    "take_profit": Range(0, low_open=True, optional=True, hint="0.05 means 5 %"),
    "trailing_stop": Range(0, low_open=True, optional=True, hint="0.05 means 5 %"),
}
FLAGS = ("negative_balance_protection", "allow_long", "allow_short")


def check(config: Any, choices: Mapping[str, tuple[str, ...]]) -> list[FieldError]:
    """Return every error of ``config``; combinations only when each field is fine."""
    errors = [
        error for name, rule in RANGES.items() if (error := _number(config, name, rule))
    ]
    for name, allowed in choices.items():
        if getattr(config, name) not in allowed:
            errors.append(
                _error(name, "not_a_choice", f"use one of {', '.join(allowed)}")
            )
    for name in (*FLAGS, "stop_on_entry_bar"):
        if not isinstance(getattr(config, name), bool):
            errors.append(_error(name, "wrong_type", "use true or false"))
    if not (isinstance(config.stop_slippage, bool) or config.stop_slippage == "both"):
        errors.append(
            _error("stop_slippage", "not_a_choice", 'use true, false or "both"')
        )
    return errors or list(_combinations(config))


def _number(config: Any, name: str, rule: Range) -> FieldError | None:
    value = getattr(config, name)
    if value is None and rule.optional:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _error(name, "wrong_type", "use a number")
    if rule.integer and not isinstance(value, int):
        return _error(name, "wrong_type", "use a whole number")
    if not -sys.float_info.max <= value <= sys.float_info.max:
        return _error(name, "not_finite", "use a finite number")
    hint = f" ({rule.hint})" if rule.hint else ""
    if value < rule.low or (rule.low_open and value == rule.low):
        bound = "above" if rule.low_open else "of at least"
        return _error(name, "too_small", f"use a value {bound} {rule.low:g}{hint}")
    if value > rule.high:
        return _error(name, "too_large", f"use a value of at most {rule.high:g}{hint}")
    return None


def _combinations(config: Any) -> Iterator[FieldError]:
    if not (config.allow_long or config.allow_short):
        yield _error(
            "allow_long", "impossible", "allow_long or allow_short must be true"
        )
    if config.max_qty is not None and config.min_qty > config.max_qty:
        yield _error("min_qty", "impossible", "use a value not above max_qty")
    if config.slippage + config.entry_slippage >= 1:
        yield _error(
            "entry_slippage", "impossible", "with slippage it must stay below 1"
        )
    if config.maint_margin is not None and config.maint_margin * config.leverage >= 1:
        yield _error(
            "maint_margin",
            "impossible",
            "use a value below 1 / leverage, or every entry is liquidated at once",
        )
    for name in ("stop_loss", "trailing_stop"):
        level = getattr(config, name)
        if level is not None and level >= 1 and config.allow_long:
            yield _error(
                name, "impossible", "a long cannot lose 100 %: use a value below 1"
            )


def _error(name: str, code: str, remedy: str) -> FieldError:
    return FieldError(f"/execution/{name}", code, f"Field {name}: {remedy}.")
