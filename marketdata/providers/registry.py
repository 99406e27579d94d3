"""The providers by name."""

import importlib
from typing import cast

from botforge.errors import InvalidInput
from marketdata.providers.base import Provider

MODULES = {
    "yfinance": "marketdata.providers.yfinance",
    "ccxt": "marketdata.providers.ccxt",
}
CHOICES = "“yfinance”, or “ccxt:” and the name of an exchange, e.g. “ccxt:binance”"
MAX_NAME = 40


def load_provider(name: str) -> Provider:
    """Return the provider called ``name``; ``InvalidInput`` names the choices."""
    kind, _, exchange = name.strip().lower().partition(":")
    if kind not in MODULES or len(name) > MAX_NAME:
        raise InvalidInput.field("source", "unknown_source", f"Give {CHOICES}.")
    # By name and only now: the libraries beneath take most of a second and 80 MB,
    # which a web process that nobody asks for an import should not pay.
    module = importlib.import_module(MODULES[kind])
    return cast(Provider, module.provider(exchange))
