"""Candles into files."""

import os
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from botforge.errors import InvalidInput
from botforge.tabular import csv_pieces, feather_pieces, parquet_pieces
from marketdata.models import Series
from marketdata.selectors import CandleQuery, candle_window

FORMATS = {"csv": csv_pieces, "parquet": parquet_pieces, "feather": feather_pieces}
# What freqtrade calls the time in these two, which other tools know as well.
TIME_NAMES = {"parquet": "date", "feather": "date"}


def series_export(
    *,
    series: Series,
    path: Path,
    start: datetime | None = None,
    end: datetime | None = None,
    timeframe: str | None = None,
) -> int:
    """Write candles to a file, whole or not at all; return how many.

    The ending of the name is the format. Raises ``InvalidInput`` for another one, for a
    timeframe that is not a multiple of the series' own, and for a folder that is not
    there.
    """
    ending = path.suffix.lower().lstrip(".")
    pieces = FORMATS.get(ending)
    if pieces is None:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise InvalidInput.field(
            "path", "unknown_format", f"The name of the file must end in {known}."
        )
    if not path.parent.is_dir():
        raise InvalidInput.field(
            "path", "no_folder", f"There is no folder {path.parent}."
        )
    query = CandleQuery(start, end, timeframe)
    window = candle_window(series, query, limit=max(1, series.bars))
    columns = {
        TIME_NAMES.get(ending, name) if name == "time" else name: values
        for name, values in window.columns().items()
    }
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.writelines(pieces(columns))
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return len(window.candles)
