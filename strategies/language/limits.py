"""How much one strategy may be and cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from strategies.language.functions.declaring import LONGEST_WINDOW


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a program, of the text first, then of a run.

    Raises ``ValueError`` for one beyond ``HARDEST``.
    """

    bytes: int = 20_000
    lines: int = 500
    # Nested brackets, and nested expressions.
    depth: int = 64
    # In one line; what the C parser recurses over, it must be able to recurse over.
    operators: int = 1_000
    nodes: int = 5_000
    calls: int = 500
    window: int = 5_000
    plots: int = 20
    parameters: int = 50
    name_length: int = 64
    text_length: int = 100
    # Additions of two numbers: about a nanosecond each.
    cost: int = 20_000_000_000
    memory_bytes: int = 2 * 2**30
    diagnostics: int = 20

    def __post_init__(self) -> None:
        for name, most in HARDEST.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be from 1 to {most:,}")


# What the parser, the kernels and a request have been tried with.
HARDEST: Mapping[str, int] = {
    "bytes": 500_000,
    "lines": 20_000,
    "depth": 90,
    "operators": 1_000,
    "nodes": 100_000,
    "calls": 10_000,
    "window": LONGEST_WINDOW,
    "plots": 100,
    "parameters": 50,
    "name_length": 64,
    "text_length": 100,
    "cost": 10**15,
    "memory_bytes": 2**50,
    "diagnostics": 100,
}
DEFAULT_LIMITS = Limits()
