"""What the user says about a file that the file does not say itself."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to read a file; None leaves it to the file.

    ``columns`` names the column (by header or number from 1) of time, open, high,
    low, close, volume or symbol. ``day_first`` decides 01/02/2021, ``decimal_comma``
    1,234. ``adjustment`` asks for prices adjusted so (see ``Facts.adjusted``).
    """

    format: str | None = None
    zone: ZoneInfo | None = None
    columns: dict[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    labels_close: bool = False
    decimal_comma: bool = False
    adjustment: str | None = None
