"""The settings of the OpenAPI document, and what it says before the operations."""

from typing import Any

DESCRIPTION = """\
Backtests that are exact, honest and fast.

- **Access**: `Authorization: Bearer <access>` with a token of `auth/token/`. Another
  user's object is not there (404).
- **Errors** are `application/problem+json` (RFC 9457): `code` is stable, `detail` is a
  sentence, `errors` names each wrong field by a JSON pointer. Any path can answer 405
  for a method that is not listed here and 500 for a fault on our side.
- **Jobs** answer 202 with a `Location` to poll. Their states are `queued`, `running`,
  `completed`, `failed` and `cancelled`; results before the end are 409 `not_finished`.
- **Lists** are pages: follow `next`; `limit` is at most 200.
- **Numbers**: ratios are fractions (0.05 is 5 %), money is in units of the quote
  currency, what is not a number is null. Times are ISO 8601 in UTC.
- **X-Request-ID** is taken from the request, or made up, and is in every answer.
"""
TAGS = {
    "health": "Is the service up?",
    "accounts": "Registration, tokens, and your profile.",
    "market data": "Instruments, candles, and imports of more.",
    "strategies": "The built-in strategies, the language, and your own.",
    "backtests": "Run a strategy over a series, and read what came of it.",
}


def openapi_settings() -> dict[str, Any]:
    """Return what ``settings.SPECTACULAR_SETTINGS`` is."""
    return {
        "TITLE": "BotForge",
        "DESCRIPTION": DESCRIPTION,
        "VERSION": "1.0.0",
        "OAS_VERSION": "3.1.1",
        "TAGS": [{"name": n, "description": text} for n, text in TAGS.items()],
        "SERVE_INCLUDE_SCHEMA": False,
        "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
        "SERVE_AUTHENTICATION": [],
        "SCHEMA_PATH_PREFIX": r"/api/v1",
        "COMPONENT_SPLIT_REQUEST": True,
        "ENUM_NAME_OVERRIDES": {
            "JobStatusEnum": "backtests.models.Backtest.Status",
            "CacheUseEnum": ["use", "refresh"],
            "CacheOutcomeEnum": ["hit", "miss"],
        },
        # A list of choices that says each twice.
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "botforge.api.document.add_components",
            "botforge.api.document.add_examples",
        ],
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    }
