"""Examples of the backtests' operations."""

from typing import Any

from backtests.api.check_definitions import CheckDefinitionSerializer
from backtests.api.example_comparison import COMPARISON, COMPARISON_LISTED
from backtests.api.example_run import (
    BACKTEST,
    DRAWDOWN,
    EQUITY,
    FILL,
    FINDINGS,
    MANIFEST,
    MONTHLY,
    QUEUED,
    TRADE,
    VERIFICATION,
)
from backtests.api.metric_definitions import MetricDefinitionSerializer
from backtests.checks import CHECKS
from backtests.engine import METRICS
from botforge.api.example import Example

BUILT_IN = {
    "library": "ma_cross",
    "parameters": {"fast": 50, "slow": 200},
    "series": {"source": "binance", "symbol": "BTC/USDT", "timeframe": "1h"},
    "start": "2023-01-01T00:00:00Z",
    "end": "2024-01-01T00:00:00Z",
    "execution": {"fee_rate": 0.001, "slippage": 0.0005},
    "name": "Averages in 2023",
    "tags": ["trend"],
}
OWN = {"strategy": 12, "strategy_version": 3, "series": 1}
LISTED = {**BACKTEST, "trials": BACKTEST["trials"]["now"]}
NOT_VERIFIED = {
    **VERIFICATION,
    "status": "queued",
    "outcome": None,
    "numbers_differ": None,
    "verdict": None,
    "attempt": 0,
    "started_at": None,
    "finished_at": None,
    "duration_ms": None,
}


def _page(row: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"next": None, "previous": None, "results": [row], **others}


def _csv(row: dict[str, Any]) -> dict[str, str]:
    """Return the row as the file that holds nothing else."""
    values = ("" if value is None else str(value) for value in row.values())
    return {"text/csv": f"{','.join(row)}\n{','.join(values)}\n"}


def _csv_of(columnar: dict[str, Any]) -> dict[str, str]:
    rows = [columnar["columns"], *zip(*columnar["data"], strict=True)]
    return {"text/csv": "".join(f"{','.join(map(str, row))}\n" for row in rows)}


EXAMPLES = {
    "list_backtests": Example(response=_page(LISTED)),
    "create_backtest": Example(
        requests={"a built-in strategy": BUILT_IN, "your own strategy": OWN},
        response=QUEUED,
    ),
    "create_backtests": Example(
        request={"backtests": [BUILT_IN, OWN]}, response={"backtests": [QUEUED]}
    ),
    "get_backtest": Example(response=BACKTEST),
    "update_backtest": Example(
        request={"name": "A trend follower", "notes": "Good in trends.", "tags": []},
        response={
            **BACKTEST,
            "name": "A trend follower",
            "notes": "Good in trends.",
            "tags": [],
        },
    ),
    "cancel_backtest": Example(response={**QUEUED, "status": "cancelled"}),
    "rerun_backtest": Example(
        request={"cache": "refresh"}, response={**QUEUED, "id": 2, "rerun_of": 1}
    ),
    "verify_backtest": Example(response=NOT_VERIFIED),
    "get_backtest_verification": Example(response=VERIFICATION),
    "get_backtest_trades": Example(
        response=_page(TRADE, count=1, open_trade=None), answers=_csv(TRADE)
    ),
    "get_backtest_fills": Example(response=_page(FILL, count=1), answers=_csv(FILL)),
    "get_backtest_drawdowns": Example(
        response=_page(DRAWDOWN, count=1), answers=_csv(DRAWDOWN)
    ),
    "get_backtest_equity": Example(response=EQUITY, answers=_csv_of(EQUITY)),
    "get_backtest_monthly": Example(response=MONTHLY, answers=_csv_of(MONTHLY)),
    "get_backtest_checks": Example(
        response=FINDINGS, answers=_csv(FINDINGS["results"][0])
    ),
    "get_backtest_manifest": Example(
        response=MANIFEST,
        answers={"text/csv": "key,value\nparameters.fast,50\n"},
    ),
    "get_backtest_report": Example(
        answers={"text/html": "<!doctype html>\n<html lang='en'>...</html>"}
    ),
    "list_metric_definitions": Example(
        response=MetricDefinitionSerializer(
            [METRICS["total_return"], METRICS["sharpe"]], many=True
        ).data
    ),
    "list_check_definitions": Example(
        response=CheckDefinitionSerializer([CHECKS["few_trades"]], many=True).data
    ),
    "create_comparison": Example(
        request={"backtests": [1, 2], "name": "Fast or slow"}, response=COMPARISON
    ),
    "list_comparisons": Example(response=_page(COMPARISON_LISTED)),
    "get_comparison": Example(response=COMPARISON),
}
