"""What a program can decide: the names that mean something to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass

from strategies.language.graph import Type


@dataclass(frozen=True, slots=True)
class Output:
    name: str
    type: Type
    summary: str

    @property
    def is_order(self) -> bool:
        return self.type is Type.CONDITION


_ORDER = "True on the bars at whose close {} is decided."
_DISTANCE = (
    "Distance of the {} from the {} in price units, read at the entry's signal bar; "
    "NaN where the run's setting decides."
)

_OUTPUTS = (
    Output("enter_long", Type.CONDITION, _ORDER.format("a long entry")),
    Output("exit_long", Type.CONDITION, _ORDER.format("the end of a long position")),
    Output("enter_short", Type.CONDITION, _ORDER.format("a short entry")),
    Output("exit_short", Type.CONDITION, _ORDER.format("the end of a short position")),
    Output("stop_loss", Type.SERIES, _DISTANCE.format("stop", "entry price")),
    Output("take_profit", Type.SERIES, _DISTANCE.format("target", "entry price")),
    Output(
        "trailing_stop",
        Type.SERIES,
        _DISTANCE.format("trailing stop", "best price since the entry"),
    ),
    Output(
        "size",
        Type.SERIES,
        "The entry's size at its signal bar, in the unit of the run's size mode; NaN "
        "where the run's setting decides.",
    ),
)

OUTPUTS: Mapping[str, Output] = {output.name: output for output in _OUTPUTS}
ORDERS = tuple(output.name for output in _OUTPUTS if output.is_order)
