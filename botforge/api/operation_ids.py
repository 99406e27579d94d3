"""Operation ids: what a generated client calls its methods."""

# Words that are their own singular.
UNCOUNTED = frozenset({"series", "progress"})
VERBS = {"PATCH": "update", "PUT": "replace", "DELETE": "delete"}


def operation_id(
    method: str, words: list[str], *, is_list: bool, is_detail: bool
) -> str:
    """Return a verb and its object: ``list_backtests``, ``cancel_backtest``.

    ``words`` are the fixed parts of the path; ``is_detail`` says that it names one
    object of the first.
    """
    first, *rest = [word.replace("-", "_") for word in words]
    one = singular(first)
    if method == "POST":
        return "_".join([rest[-1], one] if rest else ["create", one])
    if method in VERBS:
        return "_".join([VERBS[method], one, *rest])
    subject = one if rest or is_detail else first
    return "_".join(["list" if is_list else "get", subject, *rest])


def singular(noun: str) -> str:
    if noun in UNCOUNTED or not noun.endswith("s"):
        return noun
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun[:-1]
