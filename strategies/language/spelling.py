"""Did you mean: the nearest of the names that there are."""

from collections.abc import Iterable

FARTHEST = 2
LONGEST = 40


def shown(name: str) -> str:
    """Return the name as a message quotes it: whole, unless it is absurdly long."""
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}..."


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that needs the fewest edits, at most two; None if none does.

    Of a short name, at most every second letter may change, so that ``x`` is near
    nothing. Letters in the wrong case cost nothing.
    """
    if len(name) > LONGEST:
        return None
    best, fewest = None, min(FARTHEST, len(name) // 2) + 1
    for other in sorted(names):
        if abs(len(other) - len(name)) >= fewest:
            continue
        edits = _distance(name.lower(), other.lower(), fewest)
        if edits < fewest:
            best, fewest = other, edits
    return best


def _distance(a: str, b: str, enough: int) -> int:
    """Return the edits from one text to the other, swaps of neighbours included.

    Stops at ``enough``: what is that far away is too far.
    """
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, above, row = row, before, [i]
        for j, other in enumerate(b, 1):
            same = letter == other
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (not same))
            swapped = i > 1 < j and letter == b[j - 2] and a[i - 2] == other
            if swapped:
                edits = min(edits, above[j - 2] + 1)
            row.append(edits)
        if min(row) >= enough:
            return enough
    return row[-1]
