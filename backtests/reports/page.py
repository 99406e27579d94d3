"""The page: every part of a report put together."""

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from backtests.engine import METRICS
from backtests.reports import configuration, policy
from backtests.reports.clouds import distribution_figure, excursion_figures
from backtests.reports.curves import Curves
from backtests.reports.data import ReportData
from backtests.reports.episodes import deepest_drawdowns
from backtests.reports.figures import (
    drawdown_figure,
    equity_figure,
    pane_figures,
    sharpe_figure,
)
from backtests.reports.labels import (
    metric_groups,
    metric_name,
    metric_text,
    metric_tone,
)
from backtests.reports.months import heat_map
from backtests.reports.numbers import moment
from backtests.reports.overview import tiles_of, trials_text, verdict_of
from backtests.reports.payload import payload_of
from backtests.reports.price import price_figure
from backtests.reports.trades import open_row, trade_rows

# A script element ends at its end tag wherever that stands, in a string as well.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def render_report(data: ReportData) -> str:
    """Return the report as one HTML document that loads nothing."""
    curves = Curves(data)
    payload = json.dumps(payload_of(curves), separators=(",", ":"), allow_nan=False)
    body = render_to_string(
        "backtests/report/body.html",
        {**_context(data), **_charts(curves)},
    )
    nonce = policy.nonce_of(body + payload)
    return render_to_string(
        "backtests/report/page.html",
        {
            "title": _title(data),
            "policy": policy.page_policy(nonce),
            "nonce": nonce,
            # Ours, or escaped already: nothing of a user's passes through here.
            "style": mark_safe(policy.style()),  # noqa: S308
            "body": mark_safe(body),  # noqa: S308
            "payload": mark_safe(payload.translate(_ESCAPES)),  # noqa: S308
            "opening": mark_safe(policy.opening_script()),  # noqa: S308
            "library": mark_safe(policy.library()),  # noqa: S308
            "script": mark_safe(policy.script()),  # noqa: S308
        },
    )


def _title(data: ReportData) -> str:
    said = data.manifest["data"]
    market = f"{said['symbol']} {said['timeframe']}"
    return f"{data.subject.name or data.subject.strategy} · {market}"


def _context(data: ReportData) -> dict[str, Any]:
    time = data.equity["time"]
    first, last, between = trade_rows(data)
    return {
        "data": data,
        "subject": data.subject,
        "said": data.manifest["data"],
        "title": data.subject.name or data.subject.strategy,
        "bars": f"{len(time):,}",
        "first": moment(int(time[0])),
        "last": moment(int(time[-1])),
        "verdict": verdict_of(data),
        "trials": trials_text(data),
        "tiles": tiles_of(data),
        "strategy_rows": configuration.strategy_rows(data),
        "market_rows": configuration.market_rows(data),
        "cost_rows": configuration.cost_rows(data),
        "execution_rows": configuration.execution_rows(data),
        "identity_rows": configuration.identity_rows(data),
        "manifest": configuration.manifest_text(data),
        "years": heat_map(data),
        "drawdowns": deepest_drawdowns(data),
        "trades": {
            "total": len(data.trades["side"]),
            "total_text": f"{len(data.trades['side']):,}",
            "between_text": f"{between:,}",
            "first": first,
            "last": last,
            "between": between,
            "open": open_row(data),
        },
        "metric_groups": [
            (heading, [_metric_row(data, key) for key in keys])
            for heading, keys in metric_groups()
        ],
        "counters": [
            (name.replace("_", " ").capitalize(), f"{count:,}")
            for name, count in sorted(data.counters.items())
        ],
    }


def _charts(curves: Curves) -> dict[str, Any]:
    tracks = [
        equity_figure(curves),
        drawdown_figure(curves),
        price_figure(curves),
        *pane_figures(curves),
        sharpe_figure(curves),
    ]
    clouds = [distribution_figure(curves), *excursion_figures(curves)]
    return {
        "tracks": [figure for figure in tracks if figure is not None],
        "clouds": [figure for figure in clouds if figure is not None],
    }


def _metric_row(data: ReportData, key: str) -> dict[str, str]:
    value = data.metrics.get(key)
    return {
        "name": metric_name(key),
        "value": metric_text(key, value),
        "tone": metric_tone(key, value),
        "formula": METRICS[key].formula,
    }
