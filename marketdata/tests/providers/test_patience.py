"""What is tried again, how often, and after how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

import pytest

from marketdata.providers.base import ProviderError, TemporaryError
from marketdata.providers.patience import Patience
from marketdata.providers.rows import moved, retry_after


@pytest.fixture
def slept() -> list[float]:
    """The seconds that were waited, without waiting them."""
    return []


def failing(times: int, error: Exception) -> Callable[[], str]:
    """Return a function that fails so often and then answers."""
    errors = [error] * times

    def call() -> str:
        if errors:
            raise errors.pop()
        return "answer"

    return call


def test_waits_double_and_are_shortened_at_random(slept: list[float]) -> None:
    patience = Patience(attempts=5, sleep=slept.append, random=Random(1))

    assert patience.call(failing(4, TemporaryError("busy"))) == "answer"

    for wait, ceiling in zip(slept, [1, 2, 4, 8], strict=True):
        assert ceiling / 2 <= wait <= ceiling


def test_the_same_seed_waits_the_same(slept: list[float]) -> None:
    for _ in range(2):
        patience = Patience(attempts=3, sleep=slept.append, random=Random(7))
        patience.call(failing(2, TemporaryError("busy")))

    assert slept[:2] == slept[2:]


def test_the_providers_wish_is_the_least_wait(slept: list[float]) -> None:
    patience = Patience(sleep=slept.append)

    patience.call(failing(1, TemporaryError("busy", retry_after=30)))

    assert slept == [30]


def test_a_wish_of_an_hour_is_not_waited_for(slept: list[float]) -> None:
    patience = Patience(sleep=slept.append)

    with pytest.raises(TemporaryError):
        patience.call(failing(1, TemporaryError("busy", retry_after=3600)))

    assert slept == []


def test_it_ends_with_the_last_error_when_the_attempts_are_used_up(
    slept: list[float],
) -> None:
    patience = Patience(attempts=3, sleep=slept.append)

    with pytest.raises(TemporaryError, match="busy"):
        patience.call(failing(3, TemporaryError("busy")))

    assert len(slept) == 2


@pytest.mark.parametrize("error", [ProviderError("never"), ValueError("a bug")])
def test_what_would_fail_again_is_not_tried_again(
    error: Exception, slept: list[float]
) -> None:
    with pytest.raises(type(error)):
        Patience(sleep=slept.append).call(failing(1, error))

    assert slept == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0", 0.0), ("soon", None), ("", None), ("-3", None), ("٣", None)],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-AFTER": value}) == seconds


def test_retry_after_may_be_a_date() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)

    seconds = retry_after({"Retry-After": format_datetime(later, usegmt=True)})

    assert seconds is not None
    assert 85 < seconds < 91


def test_a_mirror_keeps_path_and_query() -> None:
    url = "https://api.binance.com/api/v3/klines?a=1"

    assert moved(url, "http://mirror:80") == "http://mirror:80/api/v3/klines?a=1"
    assert moved(url, "") == url
