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
from django.conf import settings
from pytest_django import Settings

from botforge.embedded.redis_server import running_redis
from botforge.redis_urls import redis_url

# Every answer that a test gets is held against the OpenAPI document.
CONTRACT = "botforge.tests.contract.ContractMiddleware"

_running = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    if getattr(config.option, "numprocesses", None) and not worker:
        return  # The process that only hands out tests needs no services.
    folder = Path(tempfile.mkdtemp(prefix="botforge-test-"))
    _running.callback(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "botforge.settings")
    os.environ["VAR_DIR"] = str(folder)
    # High enough never to be met; the throttle's own test sets its own.
    os.environ |= {f"THROTTLE_{who}": "1000000/min" for who in ("ANON", "USER", "AUTH")}
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    if given := os.environ.get("REDIS_URL"):
        # Three database numbers for each process that runs tests side by side.
        offset = 3 * int(worker.removeprefix("gw") or 0)
        os.environ["REDIS_URL"] = redis_url(given, offset)
    else:
        os.environ["REDIS_URL"] = _running.enter_context(running_redis(folder)).url
    # pytest-django leaves it alone until something has read the settings.
    django.setup()
    settings.MIDDLEWARE = [CONTRACT, *settings.MIDDLEWARE]
    # Every test client would look for all static files, a third of what a test takes.
    settings.WHITENOISE_USE_FINDERS = False


def pytest_unconfigure() -> None:
    _running.close()


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
