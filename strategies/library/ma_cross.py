"""Moving-average cross."""

from botforge.errors import FieldError
from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Decisions, Parameter, Plot, Signals, Values
from strategies.indicators.averages import ema, sma
from strategies.indicators.crossings import crossover, crossunder

AVERAGES = {"sma": sma, "ema": ema}


class MaCross(BaseStrategy):
    """Follow the trend: long while a fast average is above a slow one.

    Idea: a fast moving average that rises through a slow one says that recent prices
    are better than older ones, and trends tend to last longer than chance. Enters long
    on the cross upwards and leaves on the cross downwards; where short positions are
    allowed it does the mirror image.

    Source: W. Brock, J. Lakonishok and B. LeBaron, "Simple Technical Trading Rules and
    the Stochastic Properties of Stock Returns", Journal of Finance 47 (1992).

    When it fails: in a market that goes sideways the averages cross back and forth, and
    each crossing pays fees and slippage. It is late by design: it gives back the first
    and the last part of every trend.
    """

    slug = "ma_cross"
    title = "Moving-average cross"
    gives_stops = False
    parameters = (
        Parameter(
            "fast",
            20,
            minimum=2,
            maximum=1000,
            step=1,
            description="Bars in the fast average; fewer than in the slow one.",
        ),
        Parameter(
            "slow",
            100,
            minimum=3,
            maximum=5000,
            step=1,
            description="Bars in the slow average.",
        ),
        Parameter(
            "type",
            "sma",
            choices=("sma", "ema"),
            description="Simple or exponential averages.",
        ),
    )

    def check_together(self, parameters: Values) -> tuple[FieldError, ...]:
        fast, slow = parameters["fast"], parameters["slow"]
        if int(fast) < int(slow):
            return ()
        detail = f"Parameter fast ({fast}) must be smaller than slow ({slow})."
        return (FieldError("/parameters/fast", "not_smaller_than_slow", detail),)

    def warmup_bars(self, parameters: Values) -> int:
        # One more than the slow average needs: a cross looks at the bar before too.
        return int(parameters["slow"])

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        return self.decide(ohlcv, parameters).signals

    def decide(self, ohlcv: Ohlcv, parameters: Values) -> Decisions:
        average = AVERAGES[str(parameters["type"])]
        fast = average(ohlcv.close, int(parameters["fast"]))
        slow = average(ohlcv.close, int(parameters["slow"]))
        up, down = crossover(fast, slow), crossunder(fast, slow)
        return Decisions(
            Signals(enter_long=up, exit_long=down, enter_short=down, exit_short=up),
            (Plot("fast", fast), Plot("slow", slow)),
        )
