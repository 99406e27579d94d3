"""Numbers as a sentence says them."""

DAY = 86_400


def percent(fraction: float) -> str:
    """Return 0.0123 as "1.23 %": three digits, but no more than two decimals."""
    value = 100 * fraction
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f} %"


def count(number: int, noun: str) -> str:
    """Return "1 trade", "2 trades"; the plural adds an s."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def length(seconds: float) -> str:
    """Return a length of time in days, or in hours where it is less than two days."""
    if seconds < 2 * DAY:
        return f"{seconds / 3600:,.1f} hours"
    return f"{seconds / DAY:,.0f} days"
