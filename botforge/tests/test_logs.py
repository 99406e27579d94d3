"""What a cache that is down leaves in the log."""

import logging

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

from botforge.logs import SILENCE_SECONDS, SilentCacheFilter

NOBODY = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}


def record() -> logging.LogRecord:
    why = ValueError("nobody listens")
    error = (ValueError, why, None)
    return logging.LogRecord("x", logging.ERROR, "", 0, "Exception ignored", (), error)


def test_a_silent_cache_is_a_line_and_no_traceback() -> None:
    one = record()

    assert SilentCacheFilter().filter(one)

    assert one.getMessage() == "Without the cache, so slower: nobody listens"
    assert (one.exc_info, one.levelname) == (None, "WARNING")


def test_it_is_told_of_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("botforge.logs.time.monotonic", lambda: now[0])
    told = SilentCacheFilter()

    assert [told.filter(record()) for _ in range(3)] == [True, False, False]
    now[0] += SILENCE_SECONDS
    assert told.filter(record())


class Keeping(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record)


def test_the_library_of_the_cache_logs_through_it() -> None:
    logger = logging.getLogger("django_redis.cache")
    fresh, handler = SilentCacheFilter(), Keeping()
    before, logger.filters = logger.filters, [fresh]
    logger.addHandler(handler)
    try:
        with override_settings(CACHES={**settings.CACHES, "default": NOBODY}):
            assert [caches["default"].get("x") for _ in range(3)] == [None] * 3
    finally:
        logger.removeHandler(handler)
        logger.filters = before

    assert any(isinstance(one, SilentCacheFilter) for one in before)
    (only,) = handler.kept
    assert only.getMessage().startswith("Without the cache, so slower: Redis")
