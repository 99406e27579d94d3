"""The bundled sample: real candles for the demo, imported like any other file.

BTC/USDT on Binance, 1 hour, 2017-08-17 04:00 to 2024-04-21 14:00 UTC: 58,419 bars with
the exchange's 28 real outages (128 hours). Values as the exchange published them.
"""

from pathlib import Path

PATH = Path(__file__).with_name("BTC_USDT-1h.feather")
SOURCE = "binance"
SYMBOL = "BTC/USDT"
TIMEFRAME = "1h"
