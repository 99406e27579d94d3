"""How much one strategy may be and cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a program, of the text first, then of a run."""

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
    cost: float = 2e10
    memory_bytes: int = 2 * 2**30
    diagnostics: int = 20


DEFAULT_LIMITS = Limits()
