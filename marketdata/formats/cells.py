"""Cells of text as numbers; what is none becomes NaN.

Nothing is guessed cell by cell: how a file writes its numbers is told by many of them.
Every number is the float64 nearest to its text.
"""

import re
from enum import Enum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

type Cells = pa.Array[Any]

PADDING = ' "\t'
NUMBER = r"^[-+]?((\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|(?i:inf|infinity))$"
THOUSANDS = r"^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$"
EUROPEAN = r"^[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$"
# Numbers that only a decimal point, or only a decimal comma, can be in.
POINTED = r"^[-+]?(0\.\d+|\d+\.(\d{1,2}|\d{4,}))$"
ZERO_COMMA = r"^[-+]?0,\d+$"


class Spelling(Enum):
    """How a file writes its numbers."""

    PLAIN = "1234.5"
    THOUSANDS = "1,234.5"
    EUROPEAN = "1.234,5"


def spelling(cells: list[str]) -> Spelling | None:
    """Tell from some cells how the numbers are written; None when they may be both.

    "1,234" alone may be a thousand or a little more than one.
    """
    marked = [cell for cell in cells if "," in cell]
    if not marked:
        return Spelling.PLAIN
    thousands = all(re.match(THOUSANDS, cell) for cell in marked)
    if thousands and not any(re.match(ZERO_COMMA, cell) for cell in marked):
        certain = any("." in cell or cell.count(",") > 1 for cell in marked)
        certain = certain or any(re.match(POINTED, cell) for cell in cells)
        return Spelling.THOUSANDS if certain else None
    return Spelling.EUROPEAN


def numbers(cells: Cells, written: Spelling = Spelling.PLAIN) -> NDArray[np.float64]:
    """Return the cells as float64."""
    if written is Spelling.PLAIN:
        try:
            return _floats(cells)
        except pa.ArrowInvalid:
            # One cell that is no number fails them all: look at each.
            pass
    trimmed = pc.utf8_trim(cells, PADDING)
    if written is Spelling.THOUSANDS:
        marked = _matching(trimmed, THOUSANDS)
        plain = pc.replace_substring(trimmed, ",", "")
        trimmed = pc.if_else(pa.array(marked), plain, trimmed)
    if written is Spelling.EUROPEAN:
        marked = _matching(trimmed, EUROPEAN)
        plain = pc.replace_substring(trimmed, ".", "")
        plain = pc.replace_substring(plain, ",", ".")
        trimmed = pc.if_else(pa.array(marked), plain, pa.scalar(""))
    valid = _matching(trimmed, NUMBER)
    values = np.full(len(cells), np.nan)
    values[valid] = _floats(trimmed.filter(pa.array(valid)))
    return values


def _floats(cells: Cells) -> NDArray[np.float64]:
    return np.array(pc.cast(cells, pa.float64()), dtype=np.float64)


def _matching(cells: Cells, pattern: str) -> NDArray[np.bool_]:
    found: Any = pc.match_substring_regex(cells, pattern)
    return np.array(found, dtype=np.bool_)
