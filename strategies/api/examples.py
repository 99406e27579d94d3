"""Examples of the strategies' operations; a test sends them."""

from typing import Any

from botforge.api.example import Example

CODE = """fast = param("fast", 20, min=2, max=200)
slow = param("slow", 100, min=5, max=400)
fast_ma = ema(close, fast)
slow_ma = ema(close, slow)
enter_long = crossover(fast_ma, slow_ma)
exit_long = crossunder(fast_ma, slow_ma)
stop_loss = 3 * atr(14)
plot("fast", fast_ma)
"""
WRITTEN = {
    "name": "EMA cross with a stop",
    "description": "Follows the trend.",
    "code": CODE,
    "parameters": {"fast": 30},
}
STRATEGY = {
    "id": 12,
    **WRITTEN,
    "version": 1,
    "created_at": "2025-03-01T09:30:00Z",
    "updated_at": "2025-03-01T09:30:00Z",
}
FAST = {
    "name": "fast",
    "type": "int",
    "default": 20,
    "minimum": 2.0,
    "maximum": 200.0,
    "step": None,
    "choices": None,
    "description": "",
}
SLOW = {**FAST, "name": "slow", "default": 100, "minimum": 5.0, "maximum": 400.0}
VALIDATION = {
    "valid": True,
    "diagnostics": [],
    "warnings": [],
    "parameters": [{**FAST, "value": 30}, {**SLOW, "value": 100}],
    "warmup_bars": 100,
    "functions": ["atr", "crossover", "crossunder", "ema"],
    "outputs": ["enter_long", "exit_long", "stop_loss"],
    "plots": ["fast"],
    "cost": {
        "additions_per_bar": 32.0,
        "bytes_per_bar": 74.0,
        "line": 7,
        "share": 0.3125,
    },
}
CAUSALITY = {
    "passed": True,
    "bars": 1600,
    "orders": 19,
    "prefixes": [551, 554, 757, 819, 1208, 1408],
    "leak": None,
    "detail": "In 1,600 candles, 19 of them with an order, no signal changed when the "
    "candles after it were missing.",
}
HISTORY: dict[str, Any] = {
    "next": None,
    "previous": None,
    "results": [
        {
            "version": 2,
            "code": "enter_long = close > ema(close, 50)\n",
            "source_hash": "24d2a0b2",
            "created_at": "2025-03-02T10:00:00Z",
        },
        {
            "version": 1,
            "code": "enter_long = close > sma(close, 50)\n",
            "source_hash": "24d2a0b2",
            "created_at": "2025-03-01T09:30:00Z",
        },
    ],
    "diff": "--- version 1\n+++ version 2\n@@ -1 +1 @@\n"
    "-enter_long = close > sma(close, 50)\n+enter_long = close > ema(close, 50)",
}
LANGUAGE = {
    "functions": [
        {
            "name": "sma",
            "group": "averages",
            "signature": "sma(source, length)",
            "arguments": [
                {
                    "name": "source",
                    "kind": "series",
                    "required": True,
                    "default": None,
                    "minimum": None,
                    "maximum": None,
                    "choices": None,
                },
                {
                    "name": "length",
                    "kind": "window",
                    "required": True,
                    "default": None,
                    "minimum": 1,
                    "maximum": 5000,
                    "choices": None,
                },
            ],
            "outputs": ["sma"],
            "returns": "series",
            "inputs": [],
            "summary": "Simple moving average.",
            "example": "sma(close, 20)",
            "source": "talib",
            "cost": 3,
            "cost_per_length": 0,
        }
    ],
    "constructs": [
        {
            "name": "param",
            "signature": "param(name, default, min=, max=, step=, choices=, "
            "description=)",
            "summary": "Declares an input of the strategy, which a run, or a search, "
            "can set; its type is the default's: whole for 20, unless min, max, step "
            "or a choice is a fraction. step is for searches and forms, and no bound.",
            "example": 'fast = param("fast", 20, min=2, max=200)',
        }
    ],
    "inputs": [{"name": "close", "summary": "The bar's last price."}],
    "outputs": [
        {
            "name": "enter_long",
            "type": "condition",
            "summary": "True on the bars at whose close a long entry is decided.",
        }
    ],
    "grammar": {
        "history": "`x[n]` is x n bars ago; n is a constant or an int parameter, never "
        "negative."
    },
    "timeframes": ["1h", "1d"],
    "limits": {"bytes": 20_000, "lines": 500, "window": 5_000},
}
BUY_AND_HOLD: dict[str, Any] = {
    "slug": "buy_and_hold",
    "title": "Buy and hold",
    "description": "Buy at the first opportunity and never sell.",
    "documentation": "Buy at the first opportunity and never sell.\n\nIdea: ...",
    "code": None,
    "parameters": [],
}

EXAMPLES = {
    "list_strategies": Example(
        response={"next": None, "previous": None, "results": [STRATEGY]}
    ),
    "create_strategy": Example(request=WRITTEN, response=STRATEGY),
    "get_strategy": Example(response=STRATEGY),
    "replace_strategy": Example(request=WRITTEN, response=STRATEGY),
    "update_strategy": Example(
        request={"parameters": {"fast": 40}},
        response={**STRATEGY, "parameters": {"fast": 40}},
    ),
    "list_strategy_versions": Example(response=HISTORY, parameters={"diff": 1}),
    "validate_strategy": Example(
        requests={
            "a program": {"code": CODE, "parameters": {"fast": 30}, "causality": True},
            "a program with a mistake": {"code": "enter_long = crosover(close, 50)"},
        },
        response={**VALIDATION, "causality": CAUSALITY},
    ),
    "get_strategy_language": Example(response=LANGUAGE),
    "list_library_strategies": Example(
        response={"next": None, "previous": None, "results": [BUY_AND_HOLD]}
    ),
    "get_library_strategy": Example(
        response=BUY_AND_HOLD, parameters={"slug": "buy_and_hold"}
    ),
}
