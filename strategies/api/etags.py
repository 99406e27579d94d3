"""ETag and If-Match: a strategy's revision on the wire."""

import re

from rest_framework.request import Request

from strategies.models import Strategy

# A list of entity tags, of RFC 9110.
TAG = r'(?:W/)?"[!\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"\s*{TAG}(?:\s*,\s*{TAG})*\s*")
# Ours: a number as it is written, with fewer digits than any revision will need.
OURS = re.compile(r'(?<!/)"([1-9][0-9]{0,8})"')


def etag_of(strategy: Strategy) -> str:
    return f'"{strategy.revision}"'


def revisions_accepted(request: Request) -> frozenset[int] | None:
    """Return the revisions that ``If-Match`` names; None without one, or for ``*``.

    A tag that is not one of ours is left out: it matches nothing. That holds for weak
    tags too, as RFC 9110 wants, and for all of a header that is no list of tags.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    if not TAGS.fullmatch(header):
        return frozenset()
    return frozenset(map(int, OURS.findall(header)))
