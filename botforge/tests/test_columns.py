"""Columns as JSON, whole and in pieces."""

import json

import numpy as np
import pytest
from django.http import StreamingHttpResponse
from rest_framework.response import Response

from botforge.api import columns
from botforge.api.columns import columnar, columnar_pieces, columnar_response

TABLE = {
    "time": np.arange(7) * 60_000,
    "value": np.array([0.1, np.nan, np.inf, -1e-300, 5e300, 0.0, 2.5]),
    "count": np.arange(7),
    "whole": np.array([True, False] * 3 + [True]),
}


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100])
def test_the_pieces_are_the_whole(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PIECE", piece)

    text = b"".join(columnar_pieces(TABLE))

    assert json.loads(text) == columnar(TABLE)


def test_no_rows_are_empty_columns() -> None:
    text = b"".join(columnar_pieces({"time": np.arange(0), "value": np.empty(0)}))

    assert json.loads(text) == {"columns": ["time", "value"], "data": [[], []]}


def test_only_long_columns_are_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(columnar_response(TABLE), Response)

    monkeypatch.setattr(columns, "PIECE", 6)

    streamed = columnar_response(TABLE)
    assert isinstance(streamed, StreamingHttpResponse)
    assert streamed["Content-Type"] == "application/json"
    assert json.loads(streamed.getvalue()) == columnar(TABLE)
