"""Short words for the arguments that functions share."""

from strategies.language.functions.registry import Argument, Kind

# The costs hold up to here; what a server allows is a limit of its own.
LONGEST_WINDOW = 20_000

# Some microseconds for a call of its own.
STRETCH = 10_000.0

SOURCE = Argument("source", Kind.SERIES)


def series(name: str) -> Argument:
    return Argument(name, Kind.SERIES)


def condition(name: str) -> Argument:
    return Argument(name, Kind.CONDITION)


def window(
    name: str = "length",
    default: int | None = None,
    minimum: int = 1,
    maximum: int = LONGEST_WINDOW,
) -> Argument:
    return Argument(name, Kind.WINDOW, default, minimum, maximum)


def number(
    name: str, default: float | None, minimum: float, maximum: float
) -> Argument:
    return Argument(name, Kind.NUMBER, default, minimum, maximum)


def choice(name: str, choices: tuple[str, ...], default: str | None = None) -> Argument:
    return Argument(name, Kind.TEXT, default, choices=choices)
