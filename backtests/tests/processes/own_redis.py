"""A Redis server of a test's own, to be killed."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_django import Settings

from botforge.embedded.redis_server import answers, find_binary
from botforge.redis_urls import redis_cache


class OwnRedis:
    """A server on a private socket; it remembers only what ``save`` was called for."""

    def __init__(self) -> None:
        # Not pytest's folder: a socket's path must be short.
        self.folder = Path(tempfile.mkdtemp(prefix="bf-redis-"))
        self.socket = self.folder / "s"
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        """Start it, with what was saved last, and wait until it answers."""
        options = {"port": "0", "unixsocket": str(self.socket), "save": ""}
        arguments = [x for k, v in options.items() for x in (f"--{k}", v)]
        self.process = subprocess.Popen(
            [str(find_binary()), *arguments, "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 10
        while not answers(self.socket):
            assert time.monotonic() < deadline, "the Redis server did not start"
            time.sleep(0.02)

    def forget(self) -> None:
        """Lose what was saved, so that the next start is an empty one."""
        (self.folder / "dump.rdb").unlink(missing_ok=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def wait_killed(self, seconds: float) -> None:
        """Wait until somebody else has killed it."""
        self.process.wait(seconds)


@contextmanager
def own_redis(settings: Settings) -> Iterator[OwnRedis]:
    """Yield a server that this process, and the workers it starts, use meanwhile."""
    server = OwnRedis()
    settings.REDIS_URL = server.url
    settings.CACHES = {
        "default": redis_cache(server.url, 1, IGNORE_EXCEPTIONS=True),
        "sessions": redis_cache(server.url, 2, IGNORE_EXCEPTIONS=True),
        "queue": redis_cache(server.url, 0),
    }
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(server.folder)
