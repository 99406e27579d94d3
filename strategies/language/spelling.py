"""Did you mean: the nearest of the names that there are."""

from collections.abc import Iterable, Sequence

from strategies.language.synonyms import MEANT, plain

LONGEST = 40


def shown(name: str, longest: int = LONGEST) -> str:
    """Return the name as a message quotes it: whole, unless it is absurdly long."""
    return name if len(name) <= longest else f"{name[:longest]}..."


def listed(names: Sequence[str]) -> str:
    """Return the names in a sentence."""
    if len(names) < 2:
        return "".join(names) or "nothing"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one that other languages call so, or that needs the fewest edits.

    Of three letters one may be wrong, of seven two, so that ``line`` is not near
    ``size``. Letters in the wrong case cost nothing. None if no name is near.
    """
    if len(name) > LONGEST:
        return None
    known, word = sorted(names), plain(name)
    meant = [other for other in known if word in MEANT.get(other, ())]
    if meant:
        return meant[0]
    best, fewest = None, _bearable(len(name)) + 1
    for other in known:
        if abs(len(other) - len(name)) >= fewest:
            continue
        edits = _distance(name.lower(), other.lower(), fewest)
        if edits < fewest:
            best, fewest = other, edits
    return best


def _bearable(letters: int) -> int:
    """Return how many edits a word of so many letters can bear and still be meant."""
    return 0 if letters < 3 else 1 if letters < 7 else 2


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
