from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django_rq
import pytest
import rq
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from redis.exceptions import ConnectionError as RedisConnectionError
from rq.utils import now

LIVE, READY = "/api/v1/health/live/", "/api/v1/health/ready/"

pytestmark = pytest.mark.django_db


class Down:
    """A connection to what does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise RedisConnectionError("secret address")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[rq.SimpleWorker]:
    """A worker that has just been heard of."""
    queue = django_rq.get_queue("backtests")
    worker = rq.SimpleWorker([queue], connection=queue.connection)
    worker.register_birth()  # type: ignore[no-untyped-call] # rq left it so
    monkeypatch.setattr(rq.worker.Worker, "all", lambda **options: [worker])
    yield worker
    worker.register_death()  # type: ignore[no-untyped-call] # rq left it so


@pytest.fixture
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rq.worker.Worker, "all", lambda **options: [])


def test_a_process_that_answers_lives(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        response = Client().get(LIVE)

    assert response.status_code == 200
    assert response.json() == {"status": "live"}


def test_it_is_ready_when_every_part_is(worker: rq.SimpleWorker) -> None:
    response = Client().get(READY)

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {
            "database": {"ok": True},
            "redis": {"ok": True},
            "worker": {"ok": True},
        },
    }


@pytest.mark.usefixtures("_no_worker")
def test_without_a_worker_it_is_not_ready() -> None:
    body = Client().get(READY)

    assert body.status_code == 503
    assert body.json()["status"] == "unavailable"
    assert body.json()["checks"]["database"] == {"ok": True}
    assert "start one" in body.json()["checks"]["worker"]["detail"]


def test_a_worker_not_heard_of_for_a_minute_is_none(worker: rq.SimpleWorker) -> None:
    worker.last_heartbeat = now() - timedelta(seconds=61)

    assert Client().get(READY).json()["checks"]["worker"]["ok"] is False


def test_without_redis_it_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_rq, "get_connection", lambda name: Down())

    response = Client().get(READY)

    checks = response.json()["checks"]
    assert response.status_code == 503
    assert [part for part, check in checks.items() if not check["ok"]] == [
        "redis",
        "worker",
    ]
    assert b"secret" not in response.content


def test_without_the_database_it_is_not_ready(
    worker: rq.SimpleWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError("secret address")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = Client().get(READY)

    checks = response.json()["checks"]
    assert response.status_code == 503
    assert [part for part, check in checks.items() if not check["ok"]] == ["database"]
    assert b"secret" not in response.content


@pytest.mark.parametrize("url", [LIVE, READY])
def test_it_is_open_whatever_token_is_sent(url: str) -> None:
    response = Client().get(url, HTTP_AUTHORIZATION="Bearer expired")

    assert response.status_code in (200, 503)
