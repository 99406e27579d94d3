"""What a check says: how bad it is, a number, and a sentence with that number."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

type Severity = Literal["ok", "info", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's judgement; ``threshold`` is where the value begins to matter.

    A value that is undefined is NaN.
    """

    severity: Severity
    value: float
    threshold: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict and the code of the check that gave it."""

    code: str
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Return the finding for JSON; NaN and infinity are None."""
        value, threshold = self.verdict.value, self.verdict.threshold
        return {
            "code": self.code,
            "severity": self.verdict.severity,
            "value": value if math.isfinite(value) else None,
            "threshold": threshold,
            "sentence": self.verdict.sentence,
        }


def summary(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Count the findings (as dicts) that somebody should read."""
    severities = [finding["severity"] for finding in findings]
    return {
        "warnings": severities.count("warning"),
        "criticals": severities.count("critical"),
    }
