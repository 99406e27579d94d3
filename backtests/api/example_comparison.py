"""Two backtests side by side, as the examples of the operations show them."""

from typing import Any

COMPARISON_LISTED: dict[str, Any] = {
    "id": 1,
    "name": "Fast or slow",
    "created_at": "2025-03-01T10:00:00Z",
    "backtests": [1, 2],
}
COMPARISON: dict[str, Any] = {
    **COMPARISON_LISTED,
    "members": [
        {
            "id": number,
            "name": "",
            "library": "ma_cross",
            "strategy": None,
            "strategy_version": None,
            "parameters": {"fast": fast, "slow": 200, "type": "sma"},
            "symbol": "BTC/USDT",
            "timeframe": "1h",
            "start": "2023-01-01T00:00:00Z",
            "end": "2024-01-01T00:00:00Z",
        }
        for number, fast in ((1, 20), (2, 50))
    ],
    "metrics": {"total_return": [0.41, 0.609876], "sharpe": [1.21, 1.60393]},
    "common": {
        "start": "2023-01-02T00:00:00Z",
        "end": "2024-01-01T00:00:00Z",
        "days": 365,
        "metrics": {
            "total_return": [0.41, 0.609876],
            "volatility": [0.3, 0.31],
            "sharpe": [1.21, 1.60393],
            "max_drawdown": [-0.24, -0.215908],
        },
    },
    "equity": {
        "columns": ["time", "1", "2"],
        "data": [
            ["2023-01-02T00:00:00Z", "2024-01-01T00:00:00Z"],
            [1.0, 1.41],
            [1.0, 1.609876],
        ],
    },
    "correlation": [[1.0, 0.71], [0.71, 1.0]],
}
