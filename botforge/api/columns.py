"""Series data over REST: columnar, times as ISO 8601, NaN as null."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rest_framework import serializers


def columnar(columns: Mapping[str, NDArray[Any]]) -> dict[str, list[Any]]:
    """Return ``{"columns": names, "data": one list per column}``.

    A column called time (or ending in _time) holds int64 milliseconds UTC.
    """
    return {
        "columns": list(columns),
        "data": [_values(name, column) for name, column in columns.items()],
    }


def iso_times(time_ms: NDArray[np.int64]) -> list[str]:
    """Return milliseconds since the epoch as ISO 8601 in UTC, to the second."""
    moments = time_ms.astype("datetime64[ms]")
    return [str(t) for t in np.datetime_as_string(moments, unit="s", timezone="UTC")]


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
