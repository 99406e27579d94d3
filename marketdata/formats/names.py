"""What the names of files say, in the formats that define them.

Only ever a suggestion: names are changed, and a file is known by its content.
"""

import re
from pathlib import PurePosixPath

from marketdata.formats.sources import Source
from marketdata.timeframes import CODES, MINUTE_MS, Timeframe

ENDINGS = r"(\.(csv|txt|json|gz|zip|feather|parquet|jsongz|arrow))+$"
BY_MINUTES = {str(Timeframe.parse(code).ms // MINUTE_MS): code for code in CODES}
SPELT = {"d": "1d", "daily": "1d", "hour": "1h", "hourly": "1h", "minute": "1m"}


def suggested(source: Source, pattern: str) -> dict[str, str]:
    """Return the named parts of a file's name that match ``pattern`` as a whole."""
    name = PurePosixPath(source.name.replace("\\", "/")).name
    stem = re.sub(ENDINGS, "", name, flags=re.IGNORECASE)
    match = re.fullmatch(pattern, stem, flags=re.IGNORECASE)
    return {} if match is None else {k: v for k, v in match.groupdict().items() if v}


def timeframe(text: str) -> str | None:
    """Return the code of a timeframe that a name spells in another way."""
    code = SPELT.get(text.lower(), BY_MINUTES.get(text, text.lower()))
    return code if code in CODES else None


def with_timeframe(found: dict[str, str]) -> dict[str, str]:
    """Return the suggestions with the timeframe's own code, if it has one."""
    code = timeframe(found.get("timeframe", ""))
    rest = {name: text for name, text in found.items() if name != "timeframe"}
    return rest if code is None else rest | {"timeframe": code}
