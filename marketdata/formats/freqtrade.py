"""freqtrade's Feather files: date (open time), open, high, low, close, volume."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import feather

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles

COLUMNS = ("date", "open", "high", "low", "close", "volume")
# Any Arrow IPC file begins so; the columns decide whether it holds candles.
MAGIC = b"ARROW1"


class FreqtradeFeather:
    """Arrow IPC, compressed or not; the unit of ``date`` is read from the schema."""

    name = "freqtrade_feather"

    def matches(self, head: bytes) -> bool:
        return head.startswith(MAGIC)

    def read(self, path: Path) -> RawCandles:
        try:
            table = feather.read_table(path)
        except (pa.ArrowException, OSError) as error:
            raise _unusable("it is damaged or cut off") from error
        missing = [name for name in COLUMNS if name not in table.column_names]
        if missing:
            raise _unusable(f"it has no column {', '.join(missing)}")
        try:
            # A cast, because versions of pandas write s, ms, us or ns.
            date = table["date"].cast(pa.timestamp("ms", tz="UTC"))
            time = date.cast(pa.int64()).cast(pa.float64(), safe=False)
            prices = [table[name].cast(pa.float64()) for name in COLUMNS[1:]]
        except pa.ArrowInvalid as error:
            raise _unusable(
                "a column holds something else than times and numbers"
            ) from error
        except (pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise _unusable(
                "a column holds something else than times and numbers"
            ) from error
        return RawCandles(
            *(np.array(c.to_numpy(), np.float64) for c in (time, *prices))
        )


def _unusable(why: str) -> InvalidInput:
    return InvalidInput.field(
        "file",
        "not_candles",
        f"This Feather file does not hold candles: {why}. "
        f"It needs the columns {', '.join(COLUMNS)}.",
    )
