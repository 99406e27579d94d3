"""For minutes, processes are killed at every stage while backtests are submitted.

``make test-kill`` runs it and shows the totals; KILL_SECONDS says how long.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest, BacktestResult
from backtests.services import submission
from backtests.tests.factories import completed, walk_series
from backtests.tests.processes.crew import PLACES, VICTIMS, Crew, crew
from backtests.tests.processes.own_redis import OwnRedis, own_redis
from backtests.tests.processes.places import FOLDER
from marketdata.models import Series

SECONDS = float(os.environ.get("KILL_SECONDS", "120"))
# Until the last abandoned job is noticed and run: three attempts of 40 seconds.
PATIENCE = 240.0
URL = "/api/v1/backtests/"
BARS = (300, 3_000, 300_000)
# More than that does not wait at a time, or the end would be waited for long.
BACKLOG = 40

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(int(os.environ.get("KILL_SEED", "1")))


@pytest.fixture
def redis(settings: Settings) -> Iterator[OwnRedis]:
    settings.BACKTESTS_MAX_ACTIVE = 1_000_000
    settings.BACKTESTS_MAX_DAILY_COST = 0
    with own_redis(settings) as server:
        yield server


@pytest.fixture
def working(
    redis: OwnRedis,
    tmp_path: Path,
    chance: random.Random,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Crew]:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    with crew(redis, tmp_path, chance) as working:
        yield working


class Client:
    """Submits, repeats, cancels, and sometimes dies before it has queued the job."""

    def __init__(self, user: User, chance: random.Random) -> None:
        self.api: APIClient = api_client(user)
        self.chance = chance
        self.submitted: set[int] = set()
        self.requests: dict[int, dict[str, Any]] = {}
        self.unqueued = self.repeated = self.cancelled = 0

    def act(self, series: list[Series], monkeypatch: pytest.MonkeyPatch) -> None:
        request = {
            "library": self.chance.choice(["rsi_reversion", "buy_and_hold"]),
            "series": self.chance.choice(series).pk,
            "cache": self.chance.choices(["refresh", "use"], [9, 1])[0],
        }
        with monkeypatch.context() as patch:
            if self.chance.random() < 0.1:
                self.unqueued += 1
                patch.setattr(submission, "enqueue", lambda *backtests: None)
            made = self._post(request)
        self.submitted.add(made)
        self.requests[made] = request
        if self.chance.random() < 0.1:
            self.cancelled += 1
            self.api.post(f"{URL}{self.chance.choice(sorted(self.submitted))}/cancel/")

    def _post(self, request: dict[str, Any]) -> int:
        key = {"Idempotency-Key": f"{self.chance.getrandbits(64):x}"}
        times = 2 if self.chance.random() < 0.2 else 1
        self.repeated += times - 1
        answers = [self.api.post(URL, request, headers=key) for _ in range(times)]
        assert {answer.status_code for answer in answers} == {202}
        (made,) = {int(answer.json()["id"]) for answer in answers}
        return made


def test_every_backtest_ends_once_whatever_is_killed(
    working: Crew,
    chance: random.Random,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    series = [walk_series(bars=bars, symbol=f"W{bars}/USDT") for bars in BARS]
    client = Client(user_create(), chance)
    began = time.monotonic()

    while time.monotonic() < began + SECONDS:
        working.hurt(chance.choice(VICTIMS), chance.choice(PLACES))
        if active().count() < BACKLOG:
            for _ in range(chance.randint(1, 4)):
                client.act(series, monkeypatch)
        time.sleep(chance.uniform(0, 1))
        working.tend()
    working.calm()
    settle(working)

    report = Report(working, client, time.monotonic() - began)
    with capsys.disabled():
        sys.stdout.write(f"\n{report.text()}\n")
    report.check()
    working.leave()
    check_results(client, series)


def active() -> QuerySet[Backtest]:
    return Backtest.objects.filter(status__in=Backtest.ACTIVE)


def settle(working: Crew) -> None:
    """Wait until nothing is queued or running."""
    deadline = time.monotonic() + PATIENCE
    while active().exists():
        assert time.monotonic() < deadline, list(active().values())
        working.tend()
        time.sleep(0.2)


class Report:
    """What was asked for, what was killed, and what came of it."""

    def __init__(self, working: Crew, client: Client, seconds: float) -> None:
        self.working, self.client, self.seconds = working, client, seconds
        self.rows = list(Backtest.objects.order_by("pk"))
        self.states = Counter(str(row.status) for row in self.rows)
        self.attempts = Counter(row.attempt for row in self.rows)
        self.results = set(BacktestResult.objects.values_list("pk", flat=True))

    def text(self) -> str:
        kills, client = self.working.kills, self.client
        by_victim = Counter[str]()
        for (victim, _), count in kills.items():
            by_victim[victim] += count
        return "\n".join(
            [
                f"{len(self.rows)} backtests in {self.seconds:.0f} s: "
                f"{dict(sorted(self.states.items()))}, {len(self.results)} results",
                f"kills {sum(kills.values())}: {dict(by_victim)}",
                *(
                    f"  at {place:<10} "
                    + ", ".join(f"{v}: {kills[v, place]}" for v in VICTIMS)
                    for place in PLACES
                ),
                f"workers replaced {self.working.replaced}, attempts "
                f"{dict(sorted(self.attempts.items()))}",
                f"never queued by their web process {client.unqueued}, requests "
                f"repeated {client.repeated}, cancellations {client.cancelled}",
            ]
        )

    def check(self) -> None:
        """None lost, none doubled, none without a reason."""
        assert {row.pk for row in self.rows} == self.client.submitted
        assert set(self.states) <= {"completed", "failed", "cancelled"}
        completed = {row.pk for row in self.rows if row.status == "completed"}
        assert completed == self.results
        for row in self.rows:
            assert row.finished_at is not None
            if row.status == "failed":
                assert (row.error_code, row.attempt) == ("worker_lost", 3)


def check_results(client: Client, series: list[Series]) -> None:
    """Every result is, to the bit, what an undisturbed run comes to."""
    calm = user_create(email="calm@example.org")
    undisturbed: dict[tuple[Any, ...], BacktestResult] = {}
    for result in BacktestResult.objects.filter(pk__in=client.submitted):
        wanted = client.requests[result.pk]
        key = (wanted["library"], wanted["series"])
        if key not in undisturbed:
            one = next(s for s in series if s.pk == wanted["series"])
            undisturbed[key] = completed(calm, one, library=wanted["library"]).result
        same = undisturbed[key]
        assert result.metrics == same.metrics
        for table in ("equity", "trades", "fills"):
            assert bytes(getattr(result, table)) == bytes(getattr(same, table))
