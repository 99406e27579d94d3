"""Results as tables of a file: names in place of codes, documents as rows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import REASONS
from backtests.results import FILL_SIDES, SIDES
from botforge.arrow import Table

type Columns = dict[str, NDArray[Any]]


def trade_file(columns: Table) -> Columns:
    """Return the columns of closed trades with the names of sides and reasons."""
    return _named(columns, SIDES, "exit_reason")


def fill_file(columns: Table) -> Columns:
    """Return the columns of fills with the names of sides and reasons."""
    return _named(columns, FILL_SIDES, "reason")


def finding_file(findings: Iterable[Mapping[str, Any]]) -> Columns:
    """Return one row per finding."""
    rows = list(findings)
    return {
        "code": _texts(row["code"] for row in rows),
        "severity": _texts(row["severity"] for row in rows),
        "value": _numbers(row["value"] for row in rows),
        "threshold": _numbers(row["threshold"] for row in rows),
        "sentence": _texts(row["sentence"] for row in rows),
    }


def document_file(document: Mapping[str, Any]) -> Columns:
    """Return one row per value of a nested document: dotted key, value as JSON."""
    pairs = list(_flat(document, ""))
    return {
        "key": _texts(key for key, _ in pairs),
        "value": _texts(json.dumps(value) for _, value in pairs),
    }


def _named(columns: Table, sides: Mapping[int, str], reason: str) -> Columns:
    names = np.array(REASONS)
    side = np.where(columns["side"] > 0, sides[1], sides[-1])
    return {**columns, "side": side, reason: names[columns[reason]]}


def _texts(values: Iterable[str]) -> NDArray[Any]:
    # Of objects: a file quotes what may hold anything.
    return np.array(list(values), dtype=object)


def _numbers(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if v is None else v for v in values], np.float64)


def _flat(document: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
