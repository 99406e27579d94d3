"""Stops and targets that are no distances: a price, a fraction, or nothing.

They are distances in price units, and other programs take prices or percentages there;
what was meant for one of those runs, and gives numbers that mean nothing.
"""

from collections.abc import Iterator

from strategies.language.context import Context
from strategies.language.diagnostics import Diagnostic, diagnostic_at
from strategies.language.graph import Node, Op

DISTANCES = ("stop_loss", "take_profit", "trailing_stop")
PRICES = frozenset({"open", "high", "low", "close", "hl2", "hlc3", "ohlc4"})
# Of a price these make a price; the last ones read the candles themselves.
OF_A_PRICE = frozenset({"highest", "lowest", "median", "percentile", "valuewhen", "bb"})
OF_CANDLES = frozenset({"vwap", "donchian", "kc", "sar", "ichimoku"})
# A price times this is still a level, and as a distance nearly all of the price.
LEVELS = (0.8, 1.2)
# Up to here a number is likelier a fraction than a distance.
FRACTION = 1.0


def check_distances(ctx: Context) -> None:
    """Report a distance that is not above 0 on any bar."""
    for name, _, node in _bound(ctx):
        number = _number(ctx, node)
        if node.op is Op.CONSTANT and number is not None and number <= 0:
            message = (
                f"{name} is a distance from the price, in price units, and must be "
                f"above 0: 2 * atr(14), or 0.05 * close for 5 %. This is {number:g}."
            )
            ctx.report.add(ctx.names[name].place, "bad_distance", message)


def doubtful_distances(ctx: Context) -> Iterator[Diagnostic]:
    """Yield what is most likely a fraction, or a price, where a distance stands."""
    for name, value, node in _bound(ctx):
        place, number = ctx.names[name].place, _number(ctx, node)
        if number is not None and 0 < number <= FRACTION:
            message = (
                f"{name} is a distance in price units, here {number:g} whatever the "
                f"price: for {number:.4g} of the price write {number:g} * close."
            )
            yield diagnostic_at(place, "fraction_as_distance", message)
        elif number is None and _is_price(ctx, value):
            message = (
                f"{name} is a distance from the entry price, and this is a price: "
                "write how far it is from the close, abs(close - x)."
            )
            yield diagnostic_at(place, "price_as_distance", message)


def _bound(ctx: Context) -> Iterator[tuple[str, int, Node]]:
    for name in DISTANCES:
        value = ctx.names[name].value if name in ctx.names else None
        if isinstance(value, int):
            yield name, value, ctx.builder.nodes[value]


def _number(ctx: Context, node: Node) -> float | None:
    """Return a constant, or the default of a parameter."""
    given = node.payload
    if node.op is Op.PARAMETER:
        given = ctx.parameters[str(node.payload)].default
    elif node.op is not Op.CONSTANT:
        return None
    return None if isinstance(given, str) or given is None else float(given)


def _is_price(ctx: Context, root: int) -> bool:
    """Say whether the value is a level on the chart rather than a difference of two."""
    nodes = ctx.builder.nodes
    prices: dict[int, bool] = {}
    for i in range(root + 1):
        node = nodes[i]
        prices[i] = _makes_price(ctx, node, [prices[j] for j in node.operands])
    return prices[root]


def _makes_price(ctx: Context, node: Node, of_prices: list[bool]) -> bool:
    match node.op:
        case Op.INPUT:
            return node.payload in PRICES
        case Op.SHIFT | Op.HTF | Op.PICK | Op.CHOOSE:
            return any(of_prices)
        case Op.ADD | Op.SUBTRACT:
            return of_prices[0] != of_prices[1]
        case Op.MULTIPLY:
            numbers = [_number(ctx, ctx.builder.nodes[i]) for i in node.operands]
            factor = next((n for n in numbers if n is not None), 0.0)
            return any(of_prices) and LEVELS[0] <= factor <= LEVELS[1]
        case Op.CALL if node.function is not None:
            name, group = node.function.name, node.function.group
            over_prices = group == "averages" or name in OF_A_PRICE
            return name in OF_CANDLES or (over_prices and any(of_prices))
    return False
