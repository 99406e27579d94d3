"""How much a user's strategy may be and cost on this server."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from strategies.language.limits import Limits


def language_limits() -> Limits:
    """Return the bounds; raises ``ImproperlyConfigured`` for a setting out of range."""
    try:
        return Limits(**settings.LANGUAGE_LIMITS)
    except ValueError as error:
        raise ImproperlyConfigured(f"LANGUAGE_MAX_...: {error}.") from error
