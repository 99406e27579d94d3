"""From text to program, or to everything that is wrong with it."""

from collections.abc import Mapping
from types import MappingProxyType

from strategies.language.context import Context
from strategies.language.diagnostics import Place, Report
from strategies.language.distances import check_distances
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Function
from strategies.language.limits import DEFAULT_LIMITS, Limits
from strategies.language.outputs import ORDERS, OUTPUTS
from strategies.language.parsing import parse
from strategies.language.program import Program
from strategies.language.statements import lower_statements
from strategies.language.unused import check_spelling, warnings_of

NO_ORDERS = "Nothing is decided: give enter_long or enter_short a condition."


def compile_program(
    code: str,
    limits: Limits = DEFAULT_LIMITS,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Program:
    """Return the program; raises ``CodeRejected`` with all of its problems."""
    report = Report(limits.diagnostics)
    tree = parse(code, limits, report)
    ctx = Context(limits, functions, report)
    documentation = lower_statements(ctx, tree.body)
    check_spelling(ctx)
    check_distances(ctx)
    if not any(name in ctx.names for name in ORDERS):
        report.add(Place(1, 1, 1, 1), "no_orders", NO_ORDERS)
    if len(ctx.builder.nodes) > limits.nodes:
        message = f"The program has {len(ctx.builder.nodes):,} operations"
        report.add(
            Place(1, 1, 1, 1), "too_many_nodes", f"{message}; at most {limits.nodes:,}."
        )
    report.check()
    return _program(ctx, code, documentation)


def _program(ctx: Context, code: str, documentation: str) -> Program:
    outputs = {
        name: value
        for name in OUTPUTS
        if name in ctx.names and isinstance(value := ctx.names[name].value, int)
    }
    return Program(
        code=code,
        documentation=documentation,
        graph=ctx.builder.finish(),
        parameters=tuple(ctx.parameters.values()),
        declared_at=MappingProxyType(dict(ctx.declared_at)),
        timeframes=MappingProxyType(dict(ctx.timeframes)),
        outputs=MappingProxyType(outputs),
        plots=MappingProxyType(dict(ctx.plots)),
        requirements=tuple(ctx.requirements),
        limits=ctx.limits,
        warnings=warnings_of(ctx),
    )
