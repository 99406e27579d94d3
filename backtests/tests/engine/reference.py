"""The events of the reference engine, in the order of engine.md sections 5 and 6."""

import math

from backtests.tests.engine.ledger import Bar, Ledger


class Reference(Ledger):
    """Run the specification bar by bar."""

    def run(self) -> "Reference":
        n = len(self.times)
        for t in range(n):
            if self.dead:
                self.equity.append(self.cash)
                continue
            self.bar(t)
        if n and not self.dead:
            self.end(n - 1)
        return self

    # -- section 5 ---------------------------------------------------------------

    def mark(self, t: int, name: str) -> None:
        for k, h in enumerate(self.held):
            if not self.missing(k, t):
                h.mark = self.bars[k][t][name]

    def fresh_exits(self, t: int) -> None:
        c = self.config
        for k, h in enumerate(self.held):
            wanted = c.event_order == "open_first"
            if h.bar == t:
                wanted = c.stop_on_entry_bar
            if wanted:
                self.intrabar(k, t)

    def bar(self, t: int) -> None:
        c = self.config
        everyone = range(len(self.assets))
        self.mark(t, "O")
        before = self.times[t - 1] if t else self.times[0] - 1
        for k in everyone:
            self.fund(k, t, before + 1, self.times[t])
        self.margin_call(t)
        if c.event_order == "stop_first":
            for k in everyone:
                if self.held[k].bar != t:
                    self.intrabar(k, t)
        if c.fill == "next_open":
            self.orders(t, at_close=False, base=None)
        self.fresh_exits(t)
        self.mark(t, "C")
        later = self.times[t + 1] if t + 1 < len(self.times) else 2**62
        for k in everyone:
            self.fund(k, t, self.times[t] + 1, later - 1)
        if c.fill == "same_close":
            self.orders(t, at_close=True, base=self.worth())
        self.settle(t)
        for k in everyone:
            waits = c.fill == "next_open" or self.deferred(k, t)
            if waits and any(self.decisions(k, t)):
                self.held[k].pending = t

    def margin_call(self, t: int) -> None:
        c = self.config
        if not self.margined() or all(h.q == 0 for h in self.held):
            return
        required = 0.0
        for h in self.held:
            if h.q != 0:
                required += (c.maint_margin or 0) * abs(h.q) * h.mark
        if self.worth() > required:
            return
        for k, h in enumerate(self.held):
            if h.q != 0 and self.tradable(k, t):
                rate = c.slippage if c.stop_slippage else 0.0
                self.close(t, k, h.mark, rate, "liquidation")

    def margin_level(self, k: int) -> float | None:
        if not self.margined():
            return None
        h, mm = self.held[k], self.config.maint_margin or 0
        free = self.cash
        for j, other in enumerate(self.held):
            if j != k and other.q != 0:
                free += other.q * other.mark - mm * abs(other.q) * other.mark
        if h.q > 0:
            return -free / (h.q * (1 - mm)) if free < 0 else None
        return free / (abs(h.q) * (1 + mm))

    def trail(self, k: int, extreme: float) -> float | None:
        h, c = self.held[k], self.config
        away = 1 if h.q < 0 else -1
        if h.distance is not None:
            return extreme + away * h.distance
        if c.trailing_stop is not None:
            return extreme * (1 + away * c.trailing_stop)
        return None

    def adverse(self, k: int, extreme: float) -> tuple[float, str] | None:
        """Return the adverse level nearest to the open, and what it is."""
        h = self.held[k]
        trail, margin = self.trail(k, extreme), self.margin_level(k)
        levels = []
        if h.stop is not None:
            levels.append((h.stop, "stop_loss"))
        if trail is not None:
            levels.append((trail, "trailing_stop"))
        if margin is not None:
            levels.append((margin, "liquidation"))
        if not levels:
            return None
        # max and min keep the first among equals: stop, then trail, then margin call.
        if h.q > 0:
            return max(levels, key=lambda pair: pair[0])
        return min(levels, key=lambda pair: pair[0])

    def intrabar(self, k: int, t: int) -> None:
        h, c = self.held[k], self.config
        if h.q == 0 or not self.tradable(k, t):
            return
        bar = self.bars[k][t]
        hit = self.walk(k, bar) if c.intrabar == "ohlc_path" else self.stops(k, bar)
        self.count_ambiguous(k, bar)
        if hit is not None:
            ref, why = hit
            if c.stop_exit_price == "close":
                ref = bar["C"]
            slips = (
                c.stop_slippage == "both" if why == "take_profit" else c.stop_slippage
            )
            self.close(t, k, ref, c.slippage if slips else 0.0, why)
            h.stopped = t
        elif c.trail_on == "close":
            h.extreme = (max if h.q > 0 else min)(h.extreme, bar["C"])
        elif h.q > 0:
            h.extreme = max(h.extreme, bar["H"])
        else:
            h.extreme = min(h.extreme, bar["L"])

    def count_ambiguous(self, k: int, bar: Bar) -> None:
        h = self.held[k]
        level = self.adverse(k, h.extreme)
        if level is None or h.target is None:
            return
        if h.q > 0:
            self.ambiguous += bar["O"] > level[0] >= bar["L"] and bar["H"] >= h.target
        else:
            self.ambiguous += bar["O"] < level[0] <= bar["H"] and bar["L"] <= h.target

    def stops(self, k: int, bar: Bar) -> tuple[float, str] | None:
        h = self.held[k]
        level = self.adverse(k, h.extreme)
        long = h.q > 0
        at_open = stopped = reached = gap = False
        if level is not None:
            at_open = bar["O"] <= level[0] if long else bar["O"] >= level[0]
            stopped = bar["L"] <= level[0] if long else bar["H"] >= level[0]
        if h.target is not None:
            gap = bar["O"] >= h.target if long else bar["O"] <= h.target
            reached = bar["H"] >= h.target if long else bar["L"] <= h.target
        if level is not None and at_open:
            return bar["O"], level[1]
        if level is not None and stopped and not (self.target_first and reached):
            return level
        if gap:
            return bar["O"], "take_profit"
        if reached and h.target is not None:
            return h.target, "take_profit"
        return None

    def at_open(self, k: int, bar: Bar) -> tuple[float, str] | None:
        h = self.held[k]
        level = self.adverse(k, h.extreme)
        long = h.q > 0
        if level is not None and (
            bar["O"] <= level[0] if long else bar["O"] >= level[0]
        ):
            return bar["O"], level[1]
        if h.target is None:
            return None
        if bar["O"] >= h.target if long else bar["O"] <= h.target:
            return bar["O"], "take_profit"
        return None

    def order_of_extremes(self, k: int, bar: Bar) -> str:
        """Return the two extremes in the order of their visit, adverse on a tie."""
        up, down = bar["H"] - bar["O"], bar["O"] - bar["L"]
        if up == down:
            return "LH" if self.held[k].q > 0 else "HL"
        return "HL" if up < down else "LH"

    def walk(self, k: int, bar: Bar) -> tuple[float, str] | None:
        h, c = self.held[k], self.config
        hit = self.at_open(k, bar)
        if hit is not None:
            return hit
        long, extreme = h.q > 0, h.extreme
        for name in self.order_of_extremes(k, bar) + "C":
            price, level = bar[name], self.adverse(k, extreme)
            if level is not None and (price <= level[0] if long else price >= level[0]):
                return level
            target = h.target
            if target is not None and (price >= target if long else price <= target):
                return target, "take_profit"
            if c.trail_on == "extreme":
                extreme = max(extreme, price) if long else min(extreme, price)
        return None

    # -- section 6 ---------------------------------------------------------------

    def orders(self, t: int, at_close: bool, base: float | None) -> None:
        c = self.config
        wanted: list[tuple[float, int, int, int]] = []
        for k, h in enumerate(self.held):
            if not self.tradable(k, t):
                continue
            signal, h.pending = h.pending, None
            if at_close and any(self.decisions(k, t)):
                signal = t
            ignored = (
                c.signal_on_stop_bar == "ignore"
                if at_close
                else c.event_order == "stop_first"
            )
            if signal is None or (h.stopped == t and ignored):
                continue
            side = self.closing_leg(t, k, signal)
            if side:
                ranks = self.assets[k].rank
                rank = (
                    -math.inf
                    if ranks is None or math.isnan(ranks[signal])
                    else float(ranks[signal])
                )
                wanted.append((-rank, k, side, signal))
        for _, k, side, signal in sorted(wanted):
            places = math.inf if c.max_positions is None else c.max_positions
            if self.held[k].q == 0 and sum(h.q != 0 for h in self.held) >= places:
                self.rejected_slots += 1
                continue
            at_signal = (
                base if signal == t and base is not None else self.equity[signal]
            )
            self.open(t, k, side, signal, at_close, at_signal)

    def closing_leg(self, t: int, k: int, signal: int) -> int:
        """Close what the signals of a bar close; return the side to enter, or 0."""
        c, h = self.config, self.held[k]
        el, xl, es, xs = self.decisions(k, signal)
        if h.q == 0:
            return 1 if el else -1 if es else 0
        same, leave, opposite = (el, xl, es) if h.q > 0 else (es, xs, el)
        side = 1 if h.q > 0 else -1
        if opposite and c.on_opposite != "ignore":
            self.close(t, k, h.mark, c.slippage, "signal")
            return -side if c.on_opposite == "reverse" else 0
        if leave:
            self.close(t, k, h.mark, c.slippage, "signal")
            return 0
        return side if same and h.adds < c.pyramiding else 0

    def settle(self, t: int) -> None:
        worth = self.worth()
        held = any(h.q != 0 for h in self.held)
        if worth > 0:
            self.equity.append(worth)
            self.in_market += held
            return
        for k, h in enumerate(self.held):
            if h.q != 0:
                self.close(t, k, h.mark, 0.0, "bankrupt")
        self.dead = True
        if held or self.config.negative_balance_protection:
            self.shortfall += -self.cash
            self.cash = 0.0
        self.equity.append(self.cash)

    def end(self, last: int) -> None:
        c = self.config
        self.unfilled = sum(h.pending is not None for h in self.held)
        if c.close_at_end == "none":
            return
        self.in_market -= any(h.q != 0 for h in self.held)
        for k, h in enumerate(self.held):
            if h.q == 0:
                continue
            ref, rate = h.mark, c.slippage
            if c.close_at_end == "last_open":
                rate = 0.0
                if not self.missing(k, last):
                    ref = self.bars[k][last]["O"]
            self.close(last, k, ref, rate, "end")
        self.equity[last] = self.cash
