"""A slow interpreter of the same graph: one bar, one node, one value at a time.

It knows nothing of arrays: what a node is on bar t it works out from what its operands
are on bars 0..t. That is what the fast one must agree with, and by its construction
nothing here can see the future.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import Timeframe
from strategies.base import Value, Values
from strategies.language.graph import Node, Op
from strategies.language.program import Program

type Row = Sequence[Value | tuple[Value, ...]]


@dataclass(frozen=True)
class Candle:
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


def candles_of(ohlcv: Ohlcv) -> list[Candle]:
    columns = (column.tolist() for column in ohlcv)
    return [Candle(*row) for row in zip(*columns, strict=True)]


class Interpreter:
    def __init__(self, program: Program, parameters: Values, step_ms: int) -> None:
        self.nodes = program.graph.nodes
        self.parameters, self.step_ms = parameters, step_ms

    def run(self, root: int, candles: list[Candle]) -> list[Value]:
        """Return the root on every bar, infinity as NaN."""
        values = self._column(root, candles)
        return [
            math.nan if isinstance(v, float) and math.isinf(v) else v for v in values
        ]

    def _column(self, root: int, candles: list[Candle]) -> list[Value]:
        needed = self._needed(root)
        rows: list[dict[int, Value | tuple[Value, ...]]] = []
        for t in range(len(candles)):
            row: dict[int, Value | tuple[Value, ...]] = {}
            rows.append(row)
            for i in needed:
                row[i] = self._at(i, t, rows, candles)
        return [row[root] for row in rows]  # type: ignore[misc] # no root is a group

    def _needed(self, root: int) -> list[int]:
        """Return what the root needs on bars of its own timeframe."""
        needed, pending = set(), [root]
        while pending:
            i = pending.pop()
            needed.add(i)
            if self.nodes[i].op is not Op.HTF:
                pending.extend(self.nodes[i].operands)
        return sorted(needed)

    def _at(
        self,
        i: int,
        t: int,
        rows: list[dict[int, Value | tuple[Value, ...]]],
        candles: list[Candle],
    ) -> Value | tuple[Value, ...]:
        node = self.nodes[i]
        operands = [rows[t].get(j) for j in node.operands]
        match node.op:
            case Op.CONSTANT:
                return node.payload  # type: ignore[return-value] # a constant has one
            case Op.PARAMETER:
                return self.parameters[str(node.payload)]
            case Op.INPUT:
                step_ms = Timeframe.parse(node.frame).ms if node.frame else self.step_ms
                return _input(str(node.payload), t, candles, step_ms)
            case Op.SHIFT:
                before = t - int(operands[1])  # type: ignore[arg-type] # a whole number
                undefined = False if node.type == "condition" else math.nan
                return undefined if before < 0 else rows[before][node.operands[0]]
            case Op.PICK:
                return operands[0][node.payload]  # type: ignore[index] # of a group
            case Op.HTF:
                return self._higher(node, candles[: t + 1])
            case Op.CALL:
                columns = [[row[j] for row in rows] for j in node.operands]
                return _call(node, t, columns, candles)
        return _operator(node.op, operands)  # type: ignore[arg-type] # single values

    def _higher(self, node: Node, seen: list[Candle]) -> Value:
        """Return the last value over the higher bars that are over by now."""
        timeframe = Timeframe.parse(str(node.payload))
        higher = _complete(seen, timeframe, seen[-1].time + self.step_ms)
        if not higher:
            return False if node.type == "condition" else math.nan
        return self._column(node.operands[0], higher)[-1]


def _complete(seen: list[Candle], timeframe: Timeframe, now: int) -> list[Candle]:
    buckets: dict[int, list[Candle]] = {}
    for candle in seen:
        buckets.setdefault(timeframe.floor(candle.time), []).append(candle)
    return [
        Candle(
            time,
            inside[0].open,
            max(c.high for c in inside),
            min(c.low for c in inside),
            inside[-1].close,
            float(np.add.reduce([c.volume for c in inside])),
        )
        for time, inside in buckets.items()
        if time >= seen[0].time and time + timeframe.ms <= now
    ]


def _input(name: str, t: int, candles: list[Candle], step_ms: int) -> float:
    candle = candles[t]
    derived: Mapping[str, float] = {
        "hl2": (candle.high + candle.low) / 2,
        "hour": float(candle.time // 3_600_000 % 24),
        "bar_index": float(t),
        "bar_minutes": step_ms / 60_000,
    }
    return derived[name] if name in derived else float(getattr(candle, name))


def _call(
    node: Node, t: int, columns: list[list[Any]], candles: list[Candle]
) -> Value | tuple[Value, ...]:
    assert node.function is not None
    x = columns[0]
    if node.function.name == "largest":
        last = x[t - int(columns[1][t]) + 1 : t + 1]
        undefined = t + 1 < int(columns[1][t])
        return math.nan if undefined or any(map(math.isnan, last)) else max(last)
    if node.function.name == "step":
        factor = float(columns[1][t])
        change = x[t] - x[t - 1] if t else math.nan
        return change * factor, (candles[t].high - candles[t].low) * factor
    return bool(x[t]) and not (t > 0 and x[t - 1])


def _operator(op: Op, values: list[Value]) -> Value:
    if op is Op.CHOOSE:
        return values[1] if values[0] else values[2]
    if op is Op.NOT:
        return not values[0]
    if op is Op.AND or op is Op.OR:
        joined = values[0] and values[1] if op is Op.AND else values[0] or values[1]
        return bool(joined)
    a = float(values[0])
    if op in (Op.NEGATE, Op.AS_NUMBER):
        return -a if op is Op.NEGATE else a
    return _binary(op, a, float(values[1]))


def _binary(op: Op, a: float, b: float) -> Value:
    compared = {
        Op.LESS: a < b,
        Op.LESS_EQUAL: a <= b,
        Op.GREATER: a > b,
        Op.GREATER_EQUAL: a >= b,
        Op.EQUAL: a == b,
        Op.NOT_EQUAL: a != b and not math.isnan(a) and not math.isnan(b),
    }
    if op in compared:
        return compared[op]
    if b == 0 and op in (Op.DIVIDE, Op.FLOOR_DIVIDE, Op.MODULO):
        return math.nan
    with np.errstate(all="ignore"):
        x, y = np.float64(a), np.float64(b)
        if op in (Op.FLOOR_DIVIDE, Op.MODULO) and not abs(x / y) < 2**53:
            return float(x / y) if op is Op.FLOOR_DIVIDE else math.nan
        results = {
            Op.ADD: lambda: x + y,
            Op.SUBTRACT: lambda: x - y,
            Op.MULTIPLY: lambda: x * y,
            Op.DIVIDE: lambda: x / y,
            Op.FLOOR_DIVIDE: lambda: x // y,
            Op.MODULO: lambda: x % y,
            Op.POWER: lambda: x**y,
        }
        return float(results[op]())
