"""Built-in strategies in the strategy language: texts that a user can copy."""

from pathlib import Path

from strategies.language.program import Program
from strategies.language.strategy import LanguageStrategy

FOLDER = Path(__file__).with_name("templates")

_TITLES = {
    "ma_cross_trend": "Moving-average cross with a trend filter",
    "ema_ribbon": "EMA ribbon",
    "rsi_ema200": "RSI dip above the EMA 200",
    "macd_adx": "MACD with ADX",
    "bollinger_breakout": "Bollinger breakout",
    "bollinger_reversion": "Bollinger mean reversion",
    "turtle": "Donchian breakout of the Turtles",
    "supertrend_flip": "Supertrend flip",
    "ichimoku_cloud": "Ichimoku cloud",
    "stoch_rsi": "Stochastic RSI",
    "ttm_squeeze": "TTM squeeze",
    "keltner_breakout": "Keltner breakout",
    "vwap_reversion": "VWAP mean reversion",
    "opening_range": "Opening-range breakout",
    "prior_day_breakout": "Prior-day breakout",
    "mtf_trend": "Multi-timeframe trend",
    "rsi_divergence": "RSI divergence",
    "tsmom_voltarget": "Time-series momentum with volatility targeting",
}


class Template(LanguageStrategy):
    """A program that is delivered with the server."""

    def __init__(
        self,
        slug: str,
        title: str,
        program: Program,
        timeframe_ms: int | None = None,
    ) -> None:
        super().__init__(program, timeframe_ms)
        self.slug = slug
        self.title = title

    def on(self, timeframe_ms: int) -> "Template":
        return Template(self.slug, self.title, self.program, timeframe_ms)


def templates() -> tuple[Template, ...]:
    """Return every template, compiled."""
    return tuple(_template(slug, title) for slug, title in _TITLES.items())


def _template(slug: str, title: str) -> Template:
    code = (FOLDER / f"{slug}.py.txt").read_text(encoding="ascii")
    return Template(slug, title, LanguageStrategy.of(code).program)
