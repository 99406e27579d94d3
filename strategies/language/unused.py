"""Names that nothing uses, and positions that nothing ends: what was meant?"""

from collections.abc import Iterator

from strategies.language.context import Binding, Context
from strategies.language.diagnostics import Diagnostic, diagnostic_at
from strategies.language.distances import DISTANCES, doubtful_distances
from strategies.language.graph import Op
from strategies.language.outputs import ORDERS, OUTPUTS
from strategies.language.spelling import nearest

ENTRIES = ("enter_long", "enter_short")


def check_spelling(ctx: Context) -> None:
    """Report a name that nothing uses and that is almost an output's: a misspelt stop
    would be no stop."""
    for name, binding in _unused(ctx).items():
        near = None if binding.output else nearest(name, OUTPUTS)
        if near is not None and near not in ctx.names:
            message = f"Nothing uses {name}. Did you mean `{near}`?"
            ctx.report.add(binding.place, "misspelt_output", message, near)
            ctx.names[near] = binding


def warnings_of(ctx: Context) -> tuple[Diagnostic, ...]:
    """Return what is allowed and may all the same not be meant, in text order."""
    found = [_unused_warning(name, b) for name, b in _unused(ctx).items()]
    found.extend(_misspelt(ctx))
    found.extend(doubtful_distances(ctx))
    for side, other in (("long", "short"), ("short", "long")):
        enter = f"enter_{side}"
        ends = (f"exit_{side}", f"enter_{other}", *DISTANCES)
        ended = any(_happens(ctx, name) for name in ends)
        if _happens(ctx, enter) and not ended:
            message = (
                f"Nothing ends a {side} position: without exit_{side}, or a stop or "
                "target here or in the run, it is held for ever."
            )
            found.append(diagnostic_at(ctx.names[enter].place, "no_exit", message))
    orders = [ctx.names[name] for name in ORDERS if name in ctx.names]
    if orders and not any(_happens(ctx, name) for name in ENTRIES):
        message = "Nothing is ever entered: give enter_long or enter_short a condition."
        found.append(diagnostic_at(orders[0].place, "no_entry", message))
    found.sort(key=lambda d: (d.line, d.column))
    return tuple(found[: ctx.limits.diagnostics])


def _happens(ctx: Context, name: str) -> bool:
    """Say whether an output has a value, and another one than False on every bar."""
    value = ctx.names[name].value if name in ctx.names else None
    if not isinstance(value, int):
        return value is not None
    node = ctx.builder.nodes[value]
    return not (node.op is Op.CONSTANT and node.payload is False)


def _misspelt(ctx: Context) -> Iterator[Diagnostic]:
    """Yield what is shown and nothing else, and is almost called like an output."""
    for name in ctx.only_shown & ctx.names.keys():
        near = None if name in OUTPUTS else nearest(name, OUTPUTS)
        if near is not None and near not in ctx.names:
            message = f"Only a plot uses {name}. Did you mean `{near}`?"
            place = ctx.names[name].place
            yield diagnostic_at(place, "misspelt_output", message, near)


def _unused(ctx: Context) -> dict[str, Binding]:
    return {
        name: binding
        for name, binding in ctx.names.items()
        if name not in OUTPUTS and name not in ctx.used and not binding.refused
    }


def _unused_warning(name: str, binding: Binding) -> Diagnostic:
    if not binding.output:
        message = f"Nothing uses {name}: use it, plot it, or leave it out."
        return diagnostic_at(binding.place, "unused_name", message)
    same = binding.output.startswith(f"{name} of ")
    which = binding.output if same else f"{name}, which is the {binding.output}"
    message = f"Nothing uses {which}; _ in its place leaves it out."
    return diagnostic_at(binding.place, "unused_output", message)
