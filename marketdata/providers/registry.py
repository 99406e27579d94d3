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


def adjusting_provider(name: str, adjustment: str | None) -> Provider:
    """Return the provider that adjusts its prices so; None takes it as it is named.

    Raises ``InvalidInput`` where it has no such prices.
    """
    provider = load_provider(name)
    if adjustment is None or adjustment == provider.adjustment:
        return provider
    if adjustment not in provider.adjustments:
        raise InvalidInput.field(
            "adjustment",
            "not_available",
            f"{provider.name} has no prices adjusted as “{adjustment}”, only as "
            f"{' or '.join(f'“{one}”' for one in provider.adjustments)}.",
        )
    return load_provider(provider.adjustments[adjustment])


def load_provider(name: str) -> Provider:
    """Return the provider called ``name``; ``InvalidInput`` names the choices."""
    kind, _, exchange = name.strip().lower().partition(":")
    if kind not in MODULES or len(name) > MAX_NAME:
        raise InvalidInput.field("source", "unknown_source", f"Give {CHOICES}.")
    # By name and only now: the libraries beneath take most of a second and 80 MB,
    # which a web process that nobody asks for an import should not pay.
    module = importlib.import_module(MODULES[kind])
    return cast(Provider, module.provider(exchange))
