"""Numbers, durations and times as people read them.

Undefined values are a dash; a minus is a real minus sign, as wide as a plus.
"""

import math
from datetime import UTC, datetime

DASH = "–"
DUST = 1e-8
HUGE = 1e15
MINUTE, HOUR, DAY = 60, 3600, 86_400


def plain(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """Return the number with thousands and so many decimals."""
    if value is None or not math.isfinite(value):
        return DASH
    text = f"{abs(value):,.{digits}f}" if abs(value) < HUGE else f"{abs(value):.3e}"
    zero = not any(digit in text for digit in "123456789")
    if zero:
        return text
    return ("−" if value < 0 else "+" if signed else "") + text


def ratio(value: float | None) -> str:
    if value is None:
        return DASH
    return plain(value, 2 if abs(value) < 1000 else 0)


def count(value: float | None) -> str:
    return plain(value, 0)


def money(value: float | None, *, signed: bool = False) -> str:
    """Return an amount: cents for small ones, none where nobody would read them."""
    if value is None:
        return DASH
    # Less than that is the rounding of an account that was emptied.
    if DUST < abs(value) < 0.01:
        return price(value)
    return plain(value, 2 if abs(value) < 100_000 else 0, signed=signed)


def percent(value: float | None, *, signed: bool = False) -> str:
    """Return a fraction in percent: two decimals below 10 %, none beyond 1000 %."""
    if value is None or not math.isfinite(value):
        return DASH
    size = abs(value)
    if size >= 10_000:  # a rate per year of a lucky hour
        return f"{'−' if value < 0 else '+' if signed else ''}{100 * size:.1e}%"
    digits = 2 if size < 0.1 else 1 if size < 10 else 0
    return plain(100 * value, digits, signed=signed) + "%"


def rate(value: float | None) -> str:
    """Return a fraction in percent with every digit that it has: 0.0005 is 0.05%."""
    if value is None or not math.isfinite(value):
        return DASH
    text = f"{100 * value:.6f}".rstrip("0").rstrip(".")
    return text.replace("-", "−") + "%"


def price(value: float | None) -> str:
    """Return a price with about six significant digits, and at least cents."""
    if value is None or not math.isfinite(value):
        return DASH
    if value == 0:
        return "0.00"
    decimals = min(max(2, 5 - math.floor(math.log10(abs(value)))), 12)
    whole, _, cents = plain(value, decimals).partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"


def tick(value: float) -> str:
    """Return a label for an axis, without digits that say nothing: 12,500, 0.2."""
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:,.4g} M".replace("-", "−")
    return price(value).rstrip("0").rstrip(".") if value else "0"


def tick_percent(value: float) -> str:
    """Return a fraction as a label for an axis, in percent."""
    return f"{100 * value:,.4g}%".replace("-", "−")


def quantity(value: float | None) -> str:
    """Return a size with up to eight significant digits."""
    if value is None or not math.isfinite(value):
        return DASH
    if abs(value) >= 1_000_000:
        return plain(value, 0)
    return f"{value:.8g}".replace("-", "−")


def duration(seconds: float | None) -> str:
    """Return a span in its two largest units: "3 d 4 h"."""
    if seconds is None or not math.isfinite(seconds):
        return DASH
    left = round(seconds)
    for unit, size, sub, subsize in (
        ("d", DAY, "h", HOUR),
        ("h", HOUR, "min", MINUTE),
        ("min", MINUTE, "s", 1),
    ):
        if left >= size:
            whole, rest = divmod(left, size)
            part = rest // subsize
            # Nobody counts the hours of a month.
            short = part == 0 or (unit == "d" and whole >= 10)
            return f"{whole:,} {unit}" if short else f"{whole:,} {unit} {part} {sub}"
    return f"{left} s"


def moment(time_ms: int) -> str:
    """Return a time in UTC to the minute; midnight is a day."""
    at = datetime.fromtimestamp(time_ms / 1000, UTC)
    if time_ms % (DAY * 1000) == 0:
        return f"{at:%Y-%m-%d}"
    return f"{at:%Y-%m-%d %H:%M}"
