"""Numbers of independent packages, from the folder beside the repository."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "golden"


def golden_columns(name: str) -> dict[str, NDArray[np.float64]]:
    """Return the columns of a table of numbers; an empty cell is NaN."""
    with gzip.open(_path(name), "rt", encoding="ascii") as file:
        header, *rows = csv.reader(file)
    numeric = [i for i, title in enumerate(header) if title not in ("time", "bar")]
    return {
        header[i]: np.array([float(row[i]) if row[i] else np.nan for row in rows])
        for i in numeric
    }


def golden_json(name: str) -> Any:
    return json.loads(_path(name).read_text())


def _path(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip("the golden files are not beside this checkout")
    return path
