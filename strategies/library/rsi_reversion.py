"""RSI mean reversion."""

from botforge.errors import FieldError
from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Decisions, Parameter, Plot, Signals, Values
from strategies.indicators.crossings import crossover, crossunder
from strategies.indicators.momentum import rsi


class RsiReversion(BaseStrategy):
    """Buy the recovery from a panic: long when the RSI climbs out of oversold.

    Idea: a fast fall overshoots. The relative strength index measures how one-sided
    the recent changes were; when it comes back up through the oversold level the fall
    has lost its force, and the position is held until the index has reached the exit
    level. Where short positions are allowed it does the mirror image from overbought.

    Source: J. W. Wilder, "New Concepts in Technical Trading Systems" (1978).

    When it fails: in a strong trend the index can leave oversold again and again on the
    way down, and each time it buys. It has no stop of its own; give the run one.
    """

    slug = "rsi_reversion"
    title = "RSI mean reversion"
    gives_stops = False
    parameters = (
        Parameter(
            "period",
            14,
            minimum=2,
            maximum=1000,
            step=1,
            description="Bars that the index looks back.",
        ),
        Parameter(
            "oversold",
            30.0,
            minimum=1,
            maximum=99,
            step=1,
            description="A rise of the index through this level enters long.",
        ),
        Parameter(
            "exit_level",
            50.0,
            minimum=1,
            maximum=99,
            step=1,
            description="Long positions end at or above it, short ones at or below.",
        ),
        Parameter(
            "overbought",
            70.0,
            minimum=1,
            maximum=99,
            step=1,
            description="A fall of the index through this level enters short.",
        ),
    )

    def check_together(self, parameters: Values) -> tuple[FieldError, ...]:
        rules = (("oversold", "exit_level"), ("exit_level", "overbought"))
        return tuple(
            FieldError(
                f"/parameters/{lower}",
                f"not_smaller_than_{upper}",
                f"Parameter {lower} ({parameters[lower]}) must be smaller than {upper} "
                f"({parameters[upper]}).",
            )
            for lower, upper in rules
            if float(parameters[lower]) >= float(parameters[upper])
        )

    def warmup_bars(self, parameters: Values) -> int:
        # One more than the index needs: a cross looks at the bar before too.
        return int(parameters["period"]) + 1

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        return self.decide(ohlcv, parameters).signals

    def decide(self, ohlcv: Ohlcv, parameters: Values) -> Decisions:
        index = rsi(ohlcv.close, int(parameters["period"]))
        middle = float(parameters["exit_level"])
        high, low = index >= middle, index <= middle
        # A bar that jumps from one side to beyond the exit level enters nothing.
        signals = Signals(
            enter_long=crossover(index, float(parameters["oversold"])) & ~high,
            exit_long=high,
            enter_short=crossunder(index, float(parameters["overbought"])) & ~low,
            exit_short=low,
        )
        return Decisions(signals, (Plot("rsi", index, "own"),))
