"""Logs: one line an event on stderr, for people or for machines to read."""

import logging
import time
from typing import Any

# A cache that does not answer is asked several times a request.
SILENCE_SECONDS = 10.0


class NotReadyFilter(logging.Filter):
    """Drop the "Service Unavailable" of readiness probes: the answer says it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", "")
        return not path.startswith("/api/v1/health/")


class SilentCacheFilter(logging.Filter):
    """Say in one line, once in a while, that the cache does not answer."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._quiet_until:
            return False
        self._quiet_until = now + SILENCE_SECONDS
        why = record.exc_info[1] if record.exc_info else record.getMessage()
        record.msg = "Without the cache, so slower: %s"
        record.args = (str(why),)
        record.exc_info = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def logging_config(*, formatter: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: ``formatter`` is "console" or "json"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "botforge.request_id.RequestIdFilter"},
            "probes": {"()": "botforge.logs.NotReadyFilter"},
            "silent_cache": {"()": "botforge.logs.SilentCacheFilter"},
        },
        "formatters": {
            "console": {
                "format": "{asctime} {levelname:<7} {name} [{request_id}] {message}",
                "style": "{",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "{asctime}{levelname}{name}{request_id}{message}",
                "style": "{",
                "rename_fields": {"asctime": "time", "levelname": "level"},
            },
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": formatter,
            }
        },
        # A line per request of our own clients says nothing.
        "loggers": {
            "httpx": {"level": "WARNING"},
            "django": {"handlers": [], "level": "INFO"},
            "django.request": {"filters": ["probes"]},
            "django_redis.cache": {"filters": ["silent_cache"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
