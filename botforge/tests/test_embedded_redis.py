import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from botforge.embedded.paths import redis_socket
from botforge.embedded.redis_server import answers, running_redis


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: that of a socket has about a hundred characters."""
    folder = Path(tempfile.mkdtemp(prefix="bf-"))
    yield folder
    shutil.rmtree(folder)


def test_a_server_that_died_is_started_again(folder: Path) -> None:
    with running_redis(folder) as server:
        with redis.Redis.from_url(server.url) as client:
            os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)
        while answers(redis_socket(folder)):
            pass

        while not answers(redis_socket(folder)):
            server.revive()

    assert not answers(redis_socket(folder))


def test_one_that_runs_already_is_used_and_left_alone(folder: Path) -> None:
    with running_redis(folder) as ours:
        with running_redis(folder) as theirs:
            theirs.revive()
            assert theirs.url == ours.url

        assert answers(redis_socket(folder))
