"""plot(): what the report shows."""

import ast
from typing import Literal

from strategies.base import Pane
from strategies.language.arithmetic import as_number
from strategies.language.binding import bind
from strategies.language.context import Context, Value
from strategies.language.expressions import lower
from strategies.language.program import Shown

ARGUMENTS = ("name", "series", "pane")
EXAMPLE = 'plot("rsi", rsi(close, 14), pane="own")'


def show(ctx: Context, call: ast.Call) -> None:
    """Note what the call shows, and where."""
    bound = bind(ctx, call, ARGUMENTS, 2, EXAMPLE)
    if bound is None:
        return
    name, pane = _title(ctx, bound["name"]), _pane(ctx, bound.get("pane"))
    value = _shown(ctx, bound["series"])
    number = as_number(ctx, bound["series"], value)
    if name is None or pane is None or number is None:
        return
    if len(ctx.plots) >= ctx.limits.plots:
        ctx.problem(call, "too_many_plots", f"At most {ctx.limits.plots} plots.")
    else:
        # True and false are no prices.
        below = isinstance(value, int) and ctx.type_of(value).is_logical
        ctx.plots[name] = Shown(number, pane or ("own" if below else "price"))


def _shown(ctx: Context, at: ast.expr) -> Value:
    name = at.id if isinstance(at, ast.Name) else ""
    elsewhere = name in ctx.used and name not in ctx.only_shown
    value = lower(ctx, at)
    if name and not elsewhere:
        ctx.only_shown.add(name)
    return value


def _title(ctx: Context, at: ast.expr) -> str | None:
    name = at.value if isinstance(at, ast.Constant) else None
    fits = isinstance(name, str) and 1 <= len(name) <= ctx.limits.name_length
    if not isinstance(name, str) or not fits or not name.isprintable():
        most = ctx.limits.name_length
        message = f"A plot's name is a text in quotes, of 1 to {most} characters."
        ctx.problem(at, "bad_plot", message)
    elif name in ctx.plots:
        ctx.problem(at, "bad_plot", f"There is a plot {name} already.")
    else:
        return name
    return None


def _pane(ctx: Context, at: ast.expr | None) -> Pane | Literal[""] | None:
    """Return where the plot goes, "" where the text does not say; None if neither."""
    if at is None:
        return ""
    given = at.value if isinstance(at, ast.Constant) else None
    if given == "price":
        return "price"
    if given == "own":
        return "own"
    message = 'A plot goes over the candles, pane="price", or below, pane="own".'
    ctx.problem(at, "bad_plot", message)
    return None
