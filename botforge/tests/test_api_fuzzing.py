"""Requests made up from the OpenAPI document find no fault and no surprise.

Valid ones and invalid ones, of each operation; half of them ask for objects that are
there. ``make test-api`` does it for longer and counts: API_EXAMPLES of each kind for
each operation, from a new seed.
"""

import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as generating
from pytest_django import DjangoDbBlocker
from rest_framework_simplejwt.tokens import AccessToken
from schemathesis import Case

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, Comparison
from backtests.tests.factories import completed, walk_series
from botforge.tests.contract import contract
from botforge.wsgi import application
from marketdata.models import ImportJob, Series
from strategies.models import Strategy
from strategies.tests.factories import strategy_of

LONG = "API_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))

configured = tomllib.loads((Path(settings.BASE_DIR) / "schemathesis.toml").read_text())
# Its filters, one for each metric and comparison, would take as long as all the rest.
if not LONG:
    configured["operations"].append(
        {
            "include-operation-id": "list_backtests",
            "phases": {"coverage": {"enabled": False}},
        }
    )
schema = schemathesis.openapi.from_dict(
    contract().document, config=schemathesis.Config.from_dict(configured)
)
schema.app = application


@pytest.fixture(scope="module")
def user(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    # Committed, as in service: what the database refuses ends no other transaction.
    with django_db_blocker.unblock():
        yield user_create(email="fuzzing@example.org")
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def series(user: User) -> Series:
    return walk_series()


@pytest.fixture
def known(user: User, series: Series) -> dict[str, int]:
    """Return the id of an object for each part of the API, made anew when deleted."""
    backtest = Backtest.objects.first() or completed(user, series)
    strategy = Strategy.objects.first() or strategy_of(user)
    comparison = Comparison.objects.first() or Comparison.objects.create(owner=user)
    job = ImportJob.objects.first() or ImportJob.objects.create(
        owner=user,
        kind="upload",
        symbol="A",
        timeframe="1d",
        queued_at=backtest.queued_at,
    )
    return {
        "series": series.pk,
        "backtests": backtest.pk,
        "strategies": strategy.pk,
        "comparisons": comparison.pk,
        "imports": job.pk,
    }


@pytest.fixture(scope="module")
def answers(pytestconfig: pytest.Config) -> Iterator[Counter[int]]:
    """Count the answers by status, and show the counts when they took long."""
    counted = Counter[int]()
    yield counted
    if LONG:
        statuses = ", ".join(f"{status}: {n}" for status, n in sorted(counted.items()))
        capture = pytestconfig.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            sys.stdout.write(f"\n{counted.total()} requests, {statuses}\n")


@pytest.mark.django_db  # Without a test that says so there is no database at all.
def test_the_document_that_is_tested_is_the_one_that_is_served() -> None:
    served = Client().get("/api/v1/schema/", {"format": "json"})

    assert served.json() == contract().document


@schema.parametrize()
@generating(
    max_examples=EXAMPLES,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_it_answers_as_documented(
    case: Case[Any], user: User, known: dict[str, int], answers: Counter[int]
) -> None:
    given = case.path_parameters.get("id")
    if isinstance(given, int) and given % 2:
        part = case.path.removeprefix("/api/v1/").partition("/")[0]
        case.path_parameters["id"] = known[part]

    answer = case.call_and_validate(
        headers={
            "Authorization": f"Bearer {AccessToken.for_user(user)}",
            "Accept-Encoding": "identity",
        }
    )
    answers[answer.status_code] += 1
