"""A process that is forked before there is work for it.

A fork takes ten milliseconds of a large process, and as long again goes by until it has
copies of the memory that it touches. An understudy has both behind it when the work
comes.
"""

import logging
import os
from collections.abc import Callable

logger = logging.getLogger(__name__)

# A pipe takes this much at once and whole, on every system.
MAX_MESSAGE = 512


class Understudy:
    """A fork that runs ``body`` with the reading end of a pipe, and then ends.

    It gets one message, or the end of the file when this process dies or dismisses it.
    """

    def __init__(self, body: Callable[[int], None]) -> None:
        theirs, self._pipe = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._pipe)
            _play(body, theirs)
        os.close(theirs)

    def send(self, message: bytes) -> bool:
        """Give it its work; False when it has died meanwhile."""
        if len(message) > MAX_MESSAGE:
            raise ValueError(f"A message has at most {MAX_MESSAGE} bytes")
        try:
            os.write(self._pipe, message)
        except BrokenPipeError:
            os.waitpid(self.pid, 0)
            return False
        finally:
            os.close(self._pipe)
        return True

    def dismiss(self) -> None:
        """Let it go without work, and wait until it is gone."""
        os.close(self._pipe)
        os.waitpid(self.pid, 0)


def _play(body: Callable[[int], None], pipe: int) -> None:
    """Be the fork: nothing of the caller's runs on in it, whatever happens."""
    status = 1
    try:
        os.setpgrp()  # as a worker's forks are, so that all of it can be killed
        body(pipe)
        status = 0
    except BaseException:
        logger.exception("An understudy failed")
    finally:
        os._exit(status)
