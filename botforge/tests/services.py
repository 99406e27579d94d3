"""A pytest plugin: Redis and a database of their own for the test run.

Loaded with ``-p`` because the settings read the environment when pytest-django
imports them, which is before any conftest.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from botforge.embedded.redis_server import running_redis

_running = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    folder = Path(tempfile.mkdtemp(prefix="botforge-test-"))
    _running.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["VAR_DIR"] = str(folder)
    # High enough never to be met; the throttle's own test sets its own.
    os.environ |= {f"THROTTLE_{who}": "1000000/min" for who in ("ANON", "USER", "AUTH")}
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = _running.enter_context(running_redis(folder))
    return (yield)


def pytest_unconfigure() -> None:
    _running.close()
