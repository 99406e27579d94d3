"""The specification once more, slowly and plainly: no numba, no tricks, no speed.

This half keeps the books: inputs, cash, sizing, opening, closing, funding. Written from
engine.md alone, section by section, longs and shorts spelled out. The kernel must agree
with it on everything.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from backtests.engine import Asset, ExecutionConfig

Bar = dict[str, float]


@dataclass
class Held:
    """An open position of one instrument, and its waiting signal."""

    q: float = 0.0
    entry: float = 0.0
    bar: int = -1
    fees: float = 0.0
    funding: float = 0.0
    adds: int = 0
    stop: float | None = None
    target: float | None = None
    distance: float | None = None
    extreme: float = 0.0
    mark: float = math.nan
    pending: int | None = None
    stopped: int = -1


@dataclass
class Ledger:
    """Inputs, cash and positions of assets that share their open times."""

    assets: list[Asset]
    config: ExecutionConfig
    target_first: bool = False
    cash: float = 0.0
    shortfall: float = 0.0
    dead: bool = False
    equity: list[float] = field(default_factory=list)
    fills: list[tuple[Any, ...]] = field(default_factory=list)
    trades: list[tuple[Any, ...]] = field(default_factory=list)
    in_market: int = 0
    rejected_cash: int = 0
    rejected_min: int = 0
    rejected_slots: int = 0
    ambiguous: int = 0
    unfilled: int = 0

    def __post_init__(self) -> None:
        self.cash = float(self.config.initial_capital)
        self.held = [Held() for _ in self.assets]
        self.bars = [self.bars_of(asset) for asset in self.assets]
        self.events = [self.events_of(asset) for asset in self.assets]
        self.times = [int(t) for t in self.assets[0].ohlcv.time]

    # -- inputs ------------------------------------------------------------------

    def bars_of(self, asset: Asset) -> list[Bar]:
        o = asset.ohlcv
        return [
            {"O": float(a), "H": float(b), "L": float(c), "C": float(d), "V": float(e)}
            for a, b, c, d, e in zip(
                o.open, o.high, o.low, o.close, o.volume, strict=True
            )
        ]

    def events_of(self, asset: Asset) -> list[list[float]]:
        if asset.funding is None:
            return []
        marks = asset.funding.mark
        return [
            [int(time), float(rate), math.nan if marks is None else float(marks[i]), 0]
            for i, (time, rate) in enumerate(
                zip(asset.funding.time, asset.funding.rate, strict=True)
            )
        ]

    def missing(self, k: int, t: int) -> bool:
        return any(math.isnan(self.bars[k][t][name]) for name in "OHLC")

    def deferred(self, k: int, t: int) -> bool:
        return self.config.zero_volume == "defer" and self.bars[k][t]["V"] == 0

    def tradable(self, k: int, t: int) -> bool:
        return not self.missing(k, t) and not self.deferred(k, t)

    def decisions(self, k: int, i: int) -> tuple[bool, bool, bool, bool]:
        """Return el, xl, es, xs of bar i after section 6 (i) and (ii)."""
        if self.missing(k, i):
            return False, False, False, False
        s, c = self.assets[k].signals, self.config
        el, xl = bool(s.enter_long[i]) and c.allow_long, bool(s.exit_long[i])
        es, xs = bool(s.enter_short[i]) and c.allow_short, bool(s.exit_short[i])
        if el and es:
            el = es = False
        if el and xl:
            el, xl = c.on_conflict == "entry", c.on_conflict == "exit"
        if es and xs:
            es, xs = c.on_conflict == "entry", c.on_conflict == "exit"
        return el, xl, es, xs

    def array(self, k: int, name: str, i: int) -> float | None:
        values = getattr(self.assets[k].signals, name)
        if values is None or not math.isfinite(values[i]):
            return None
        return float(values[i])

    # -- the account -------------------------------------------------------------

    def worth(self) -> float:
        total = self.cash
        for h in self.held:
            if h.q != 0:
                total += h.q * h.mark
        return total

    def margined(self) -> bool:
        if not self.config.maint_margin:
            return False
        return self.config.leverage > 1 or any(h.q < 0 for h in self.held)

    def book(
        self, t: int, k: int, side: int, qty: float, price: float, fee: float, why: str
    ) -> None:
        self.cash -= side * qty * price
        self.cash -= fee
        self.fills.append((t, side, qty, price, fee, why, k))

    def close(self, t: int, k: int, ref: float, rate: float, why: str) -> None:
        h, c = self.held[k], self.config
        side = -1 if h.q > 0 else 1
        price = ref * (1 + side * rate)
        fee_rate = c.fee_rate
        if why == "take_profit" and c.maker_fee_rate is not None:
            fee_rate = c.maker_fee_rate
        if why == "liquidation" and c.liq_fee_rate is not None:
            fee_rate = c.liq_fee_rate
        fee = fee_rate * abs(h.q) * price + c.fixed_fee
        pnl = h.q * (price - h.entry) - h.fees - fee - h.funding
        self.book(t, k, side, abs(h.q), price, fee, why)
        self.trades.append(
            (
                -side,
                abs(h.q),
                h.bar,
                t,
                h.entry,
                price,
                pnl,
                h.fees + fee,
                h.funding,
                why,
                k,
            )
        )
        h.q, h.adds = 0.0, 0
        if (
            why == "liquidation"
            and c.negative_balance_protection
            and self.cash < 0
            and all(other.q == 0 for other in self.held)
        ):
            self.shortfall += -self.cash
            self.cash = 0.0

    # -- section 4.3 -------------------------------------------------------------

    def lots(self, x: float) -> float:
        step = self.config.lot_step
        if step is None or math.isinf(x) or math.isnan(x):
            return x
        return math.floor(x / step + 1e-9) * step

    def tick(self, price: float) -> float:
        step = self.config.price_tick
        return price if step is None else math.floor(price / step + 0.5) * step

    def open(
        self, t: int, k: int, side: int, signal: int, at_close: bool, base: float
    ) -> None:
        c, h = self.config, self.held[k]
        ref = h.mark
        price = ref * (1 + side * (c.slippage + c.entry_slippage))
        anchor = price
        if c.stop_anchor == "signal_close":
            anchor = self.bars[k][signal]["C"]
        if c.stop_anchor == "close":
            anchor = self.bars[k][t]["C"]
        stop = self.level(k, signal, "stop_loss", anchor, -side)
        target = self.level(k, signal, "take_profit", anchor, side)
        unit = price * (1 + c.fee_rate)
        equity = base if c.size_base == "signal" else self.worth()
        risk = None if stop is None else abs(price - stop)
        want = self.wanted(k, signal, equity, ref, unit, risk)
        want = self.lots(min(want, math.inf if c.max_qty is None else c.max_qty))
        cap = self.buying_power() / unit
        if want > cap * (1 + 1e-12):
            if c.on_insufficient == "reject":
                self.rejected_cash += 1
                return
            want = self.lots(cap)
        too_small = want < c.min_qty or want * price < c.min_notional
        if math.isnan(want) or want <= 0 or too_small:
            self.rejected_min += 1
            return
        fee = c.fee_rate * want * price + c.fixed_fee
        self.book(t, k, side, want, price, fee, "entry")
        if h.q == 0:
            h.q, h.entry, h.bar, h.fees, h.funding = side * want, price, t, fee, 0.0
            h.adds, h.extreme, h.stop = 1, anchor, stop
            h.target = target if target is not None and target > 0 else None
            h.distance = self.array(k, "trailing_stop", signal)
        else:
            h.entry = (h.entry * abs(h.q) + price * want) / (abs(h.q) + want)
            h.q += side * want
            h.fees += fee
            h.adds += 1

    def wanted(
        self,
        k: int,
        signal: int,
        equity: float,
        ref: float,
        unit: float,
        risk: float | None,
    ) -> float:
        c = self.config
        size = self.array(k, "size", signal)
        size = float(c.size) if size is None else size
        if c.size_mode == "units":
            return size
        if c.size_mode == "quote_value":
            return size / ref
        if c.size_mode == "equity_fraction":
            fixed = c.fixed_fee if c.on_insufficient == "reduce" else 0.0
            return (size * equity * c.leverage - fixed) / unit
        if risk is None:
            return math.nan
        if risk == 0:
            return math.copysign(math.inf, size * equity)
        return size * equity / risk

    def buying_power(self) -> float:
        c, bound = self.config, 0.0
        for other in self.held:
            if other.q != 0:
                bound += abs(other.q) * other.mark / c.leverage
        free = self.worth() - bound
        if free <= 1e-12 * self.worth():
            free = min(free, 0.0)
        return free * c.leverage - c.fixed_fee

    def level(
        self, k: int, signal: int, name: str, anchor: float, sign: int
    ) -> float | None:
        distance, fraction = self.array(k, name, signal), getattr(self.config, name)
        if distance is not None:
            return self.tick(anchor + sign * distance)
        if fraction is not None:
            return self.tick(anchor * (1 + sign * fraction))
        return None

    def fund(self, k: int, t: int, first: int, last: int) -> None:
        if self.missing(k, t):
            return
        h = self.held[k]
        for event in self.events[k]:
            time, rate, mark, applied = event
            if applied or not first <= time <= last:
                continue
            event[3] = 1
            if h.q != 0:
                pay = h.q * (h.mark if math.isnan(mark) else mark) * rate
                self.cash -= pay
                h.funding += pay
