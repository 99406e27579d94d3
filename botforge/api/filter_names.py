"""What the name of a filter says: ``metric_sharpe__gte``."""

LOOKUPS = {
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "icontains": "contains, in any letter case,",
    "in": "is one of",
}


def described_filter(name: str) -> str:
    """Return a sentence for a filter that has none of its own."""
    field, _, lookup = name.rpartition("__")
    if field and lookup in LOOKUPS:
        return f"Only those whose `{field}` {LOOKUPS[lookup]} this."
    return f"Only those with this `{name}`."
