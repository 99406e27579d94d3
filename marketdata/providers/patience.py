"""How a provider is asked: not too often, and again when it may help."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
)

from marketdata.providers.base import TemporaryError

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
# A provider that wants more than this is to be asked another day.
LONGEST_WISH = 300.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, and how to wait; ``sleep`` and ``random`` are injected.

    Waits double from a second to a minute, each shortened by up to half at random so
    that many clients do not come back together. A wish of the provider
    (``Retry-After``) is a lower bound.
    """

    attempts: int = 6
    sleep: Callable[[float], None] = time.sleep
    # Of the jitter; nothing secret depends on it.
    random: Random = field(default_factory=Random)

    def call[T](self, function: Callable[[], T]) -> T:
        """Return what ``function`` does, calling it again after a ``TemporaryError``.

        Raises the last error when the attempts are used up.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(TemporaryError),
            stop=self._is_over,
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(function)

    def pause(self, seconds: float) -> None:
        if seconds > 0:
            self.sleep(seconds)

    def _is_over(self, state: RetryCallState) -> bool:
        return stop_after_attempt(self.attempts)(state) or _wish(state) > LONGEST_WISH

    def _wait(self, state: RetryCallState) -> float:
        ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (state.attempt_number - 1))
        jittered = ceiling * self.random.uniform(0.5, 1.0)
        return max(jittered, _wish(state))


def _wish(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    wish = error.retry_after if isinstance(error, TemporaryError) else None
    return wish or 0.0
