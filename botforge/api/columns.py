"""Series data over REST: columnar, times as ISO 8601, NaN as null."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from numpy.typing import NDArray
from rest_framework import serializers
from rest_framework.response import Response

PIECE = 65_536


def columnar(columns: Mapping[str, NDArray[Any]]) -> dict[str, list[Any]]:
    """Return ``{"columns": names, "data": one list per column}``.

    A column called time (or ending in _time) holds int64 milliseconds UTC.
    """
    return {
        "columns": list(columns),
        "data": [_values(name, column) for name, column in columns.items()],
    }


def columnar_response(columns: Mapping[str, NDArray[Any]]) -> HttpResponseBase:
    """Answer with ``columnar``; with long columns in pieces that never add up."""
    if len(next(iter(columns.values()))) <= PIECE:
        return Response(columnar(columns))
    pieces = columnar_pieces(columns)
    return StreamingHttpResponse(pieces, content_type="application/json")


def columnar_pieces(columns: Mapping[str, NDArray[Any]]) -> Iterator[bytes]:
    """Yield ``columnar`` as JSON, at most ``PIECE`` values at a time."""
    yield f'{{"columns":{_json(list(columns))},"data":['.encode()
    for place, (name, column) in enumerate(columns.items()):
        yield b",[" if place else b"["
        for start in range(0, len(column), PIECE):
            inside = _json(_values(name, column[start : start + PIECE]))[1:-1]
            yield (f",{inside}" if start else inside).encode()
        yield b"]"
    yield b"]}"


def iso_times(time_ms: NDArray[np.int64]) -> list[str]:
    """Return milliseconds since the epoch as ISO 8601 in UTC, to the second."""
    moments = time_ms.astype("datetime64[ms]")
    return [str(t) for t in np.datetime_as_string(moments, unit="s", timezone="UTC")]


def _json(values: list[Any]) -> str:
    return json.dumps(values, separators=(",", ":"), allow_nan=False)


def _values(name: str, column: NDArray[Any]) -> list[Any]:
    if name == "time" or name.endswith("_time"):
        return iso_times(column)
    values: list[Any] = column.tolist()
    if column.dtype.kind == "f" and not np.isfinite(column).all():
        return [v if math.isfinite(v) else None for v in values]
    return values


class ColumnarSerializer(serializers.Serializer[Any]):
    """Columnar series data: ``data`` holds one list per name in ``columns``."""

    columns = serializers.ListField(child=serializers.CharField())
    data = serializers.ListField(  # type: ignore[assignment] # shadows a property of the base; documentation only
        child=serializers.ListField(child=serializers.JSONField())
    )
