"""Examples of the market data's operations."""

from typing import Any

from botforge.api.example import Example

INSTRUMENT = {"id": 1, "source": "binance", "symbol": "BTC/USDT", "calendar": "24/7"}
SERIES = {
    "id": 1,
    "source": "binance",
    "symbol": "BTC/USDT",
    "timeframe": "1h",
    "calendar": "24/7",
    "adjustment": "none",
    "private": False,
    "first": "2017-08-17T04:00:00Z",
    "last": "2024-04-21T14:00:00Z",
    "bars": 58419,
    "gaps": 28,
    "missing_bars": 128,
    "grade": "B",
    "revision": 1,
    "content_hash": "ca7e4fdfcd62f6cee3a4308fc991eeabfa3641930acc73b85aee41c658e03d1f",
}
CANDLES = {
    "columns": ["time", "open", "high", "low", "close", "volume"],
    "data": [
        ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"],
        [42283.58, 42475.23],
        [42554.57, 42775.0],
        [42261.02, 42431.65],
        [42475.23, 42613.56],
        [1271.68108, 1196.37856],
    ],
}
CANDLES_CSV = """time,open,high,low,close,volume
2024-01-01T00:00:00Z,42283.58,42554.57,42261.02,42475.23,1271.68108
2024-01-01T01:00:00Z,42475.23,42775,42431.65,42613.56,1196.37856
"""
QUALITY = {
    "series": 1,
    "revision": 1,
    "checked_at": "2025-03-01T09:30:00Z",
    "grade": "B",
    "grades": {
        "missing": "B",
        "flat": "A",
        "no_volume": "A",
        "spikes": "A",
        "violations": "A",
    },
    "bars": 58419,
    "expected_bars": 58547,
    "coverage": 0.9978137223085726,
    "gaps": 28,
    "missing_bars": 128,
    "holidays": 0,
    "holiday_bars": 0,
    "flat_runs": 0,
    "flat_bars": 0,
    "has_volume": True,
    "no_volume_runs": 0,
    "no_volume_bars": 0,
    "spikes": 0,
    "violations": 0,
    "sigma": 0.004042025031898912,
    "listed": {
        "gaps": [
            {
                "start": "2017-09-06T17:00:00Z",
                "end": "2017-09-06T23:00:00Z",
                "bars": 6,
                "kind": "gap",
            }
        ]
    },
    "refused": {"nan": 2},
}
FETCH = {
    "source": "ccxt:binance",
    "symbol": "BTC/USDT",
    "timeframe": "1h",
    "start": "2024-01-01T00:00:00Z",
    "end": "2024-02-01T00:00:00Z",
}
UPLOAD = {"file": "my-candles.csv", "symbol": "TOY/USDT", "timeframe": "1d"}
DONE: dict[str, Any] = {
    "id": 1,
    "kind": "upload",
    "source": "upload",
    "symbol": "TOY/USDT",
    "timeframe": "1d",
    "start": None,
    "end": None,
    "filename": "my-candles.csv",
    "status": "completed",
    "progress": {"fraction": 1.0, "stage": "", "done": 9, "total": 9},
    "series": 2,
    "result": {
        "origin": "my-candles.csv",
        "format": "generic_csv",
        "rows": 9,
        "new": 8,
        "changed": 0,
        "unchanged": 0,
        "rejected": {"nan": 1},
        "revision": 1,
    },
    "error": None,
    "refused_rows": [
        {
            "reason": "nan",
            "line": 10,
            "time": "2024-01-09T00:00:00Z",
            "open": 109.0,
            "high": 112.0,
            "low": 107.0,
            "close": None,
            "volume": 19.0,
        }
    ],
    "attempt": 1,
    "queued_at": "2025-03-01T09:30:00Z",
    "started_at": "2025-03-01T09:30:00.020000Z",
    "finished_at": "2025-03-01T09:30:01.310000Z",
}
QUEUED = {
    **DONE,
    "status": "queued",
    "progress": {"fraction": 0.0, "stage": "", "done": 0, "total": 0},
    "series": None,
    "result": None,
    "refused_rows": [],
    "attempt": 0,
    "started_at": None,
    "finished_at": None,
}


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": [row]}


EXAMPLES = {
    "list_instruments": Example(response=_page(INSTRUMENT)),
    "list_series": Example(
        response=_page(SERIES), parameters={"symbol": "BTC/USDT", "timeframe": "1h"}
    ),
    "get_series": Example(response=SERIES),
    "get_series_candles": Example(
        response=CANDLES,
        answers={"text/csv": CANDLES_CSV},
        parameters={"start": "2024-01-01T00:00:00Z", "end": "2024-01-01T02:00:00Z"},
    ),
    "get_series_quality": Example(response=QUALITY),
    "list_series_corporate_actions": Example(
        response=[
            {"kind": "dividend", "time": "2020-08-07T00:00:00Z", "value": 0.205},
            {"kind": "split", "time": "2020-08-31T00:00:00Z", "value": 4.0},
        ]
    ),
    "list_imports": Example(response=_page({**DONE, "refused_rows": None})),
    "create_import": Example(request=FETCH, form=UPLOAD, response=QUEUED),
    "get_import": Example(response=DONE),
    "cancel_import": Example(response={**QUEUED, "status": "cancelled"}),
}
