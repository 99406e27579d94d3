"""A server's own bounds of user code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import api_client, as_json, user_create
from accounts.tests.problems import problem_of
from strategies.language.limits import HARDEST, Limits
from strategies.limits import language_limits
from strategies.tests.factories import strategy_of

PRINT = "from strategies.limits import language_limits; print(language_limits())"


@pytest.fixture
def alice(db: None) -> User:
    return user_create()


def _started(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    code = f"import django; django.setup(); {PRINT}"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=django_settings.BASE_DIR,
        env={
            **kept,
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "botforge.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_without_a_word_the_defaults_hold() -> None:
    assert language_limits() == Limits()


def test_the_environment_changes_what_it_names(tmp_path: Path) -> None:
    started = _started(tmp_path, LANGUAGE_MAX_WINDOW="9000", LANGUAGE_MAX_CALLS="7")

    assert started.stdout.strip() == str(Limits(window=9000, calls=7))


def test_a_bound_that_would_do_harm_does_not_start(tmp_path: Path) -> None:
    started = _started(tmp_path, LANGUAGE_MAX_DEPTH="100000")

    assert started.returncode != 0
    assert "depth must be from 1 to 90" in started.stderr


@pytest.mark.parametrize("name", HARDEST)
def test_every_bound_has_a_range(name: str, settings: Settings) -> None:
    for value in (0, -1, HARDEST[name] + 1):
        settings.LANGUAGE_LIMITS = {name: value}
        with pytest.raises(ImproperlyConfigured, match=f"{name} must be from 1 to"):
            language_limits()


def test_a_program_is_refused_by_this_servers_bounds(
    alice: User, settings: Settings
) -> None:
    settings.LANGUAGE_LIMITS = {"window": 50}
    body = as_json({"name": "Slow", "code": "enter_long = close > sma(close, 51)"})

    problem = problem_of(api_client(alice).post("/api/v1/strategies/", **body), 400)
    verdict = api_client(alice).post("/api/v1/strategies/validate/", **body)

    assert "from 1 to 50, not 51" in problem["detail"]
    assert verdict.status_code == 400  # validate/ takes no name


def test_validation_and_reference_know_this_servers_bounds(
    alice: User, settings: Settings
) -> None:
    settings.LANGUAGE_LIMITS = {"window": 50}
    code = as_json({"code": "enter_long = close > sma(close, 51)"})

    verdict = api_client(alice).post("/api/v1/strategies/validate/", **code).json()
    language = api_client(alice).get("/api/v1/strategy-language/").json()

    assert "from 1 to 50, not 51" in verdict["diagnostics"][0]["message"]
    assert language["limits"]["window"] == 50
    sma = next(f for f in language["functions"] if f["name"] == "sma")
    assert sma["arguments"][1]["maximum"] == 50


def test_a_stored_program_still_shows_when_the_bounds_are_tightened(
    alice: User, settings: Settings
) -> None:
    strategy = strategy_of(alice)
    settings.LANGUAGE_LIMITS = {"window": 50}

    client = api_client(alice)
    path = f"/api/v1/strategies/{strategy.pk}/"

    assert client.get(path).status_code == 200
    assert client.patch(path, **as_json({"name": "Renamed"})).status_code == 200
    problem = problem_of(
        client.patch(path, **as_json({"parameters": {"fast": 9}})), 400
    )
    assert "from 1 to 50" in problem["detail"]
