"""Redis and a data folder of their own for the test run.

The settings read the environment when Django is set up, which pytest-django does
after this file is imported because nothing earlier names a settings module.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from pytest_django import Settings

from botforge.embedded.redis_server import running_redis

_running = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="botforge-test-"))
    _running.callback(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "botforge.settings")
    os.environ["VAR_DIR"] = str(folder)
    # High enough never to be met; the throttle's own test sets its own.
    os.environ |= {f"THROTTLE_{who}": "1000000/min" for who in ("ANON", "USER", "AUTH")}
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = _running.enter_context(running_redis(folder))
    # pytest-django leaves it alone until something has read the settings.
    django.setup()


def pytest_unconfigure() -> None:
    _running.close()


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
