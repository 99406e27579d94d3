import logging
import re

import pytest
from django.test import Client

from accounts.tests.factories import api_client
from accounts.tests.problems import problem_of
from botforge.request_id import RequestIdFilter, current_request_id

LIVE = "/api/v1/health/live/"
OWN = re.compile(r"[0-9a-f]{32}")


def test_every_answer_has_an_id_of_its_own() -> None:
    first, second = (Client().get(LIVE)["X-Request-ID"] for _ in range(2))

    assert OWN.fullmatch(first)
    assert first != second


@pytest.mark.parametrize("given", ["a", "4bf92f35-77b3", "trace.1_2", "x" * 128])
def test_the_clients_id_is_kept(given: str) -> None:
    assert Client().get(LIVE, HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given",
    ["", " ", "a b", "x" * 129, "a\tb", "é", "<script>", "id\x1b[31m", "a;b", "²"],
)
def test_an_id_that_could_forge_a_log_is_replaced(given: str) -> None:
    answered = Client().get(LIVE, HTTP_X_REQUEST_ID=given)["X-Request-ID"]

    assert OWN.fullmatch(answered)


@pytest.mark.django_db
def test_a_problem_repeats_the_id_of_its_answer() -> None:
    response = api_client().get("/api/v1/backtests/")

    assert problem_of(response, 401)["request_id"] == response["X-Request-ID"]


def test_an_unknown_page_has_an_id_too() -> None:
    assert OWN.fullmatch(Client().get("/nothing/")["X-Request-ID"])


def test_outside_a_request_there_is_none() -> None:
    Client().get(LIVE)

    assert current_request_id() == "-"


def test_every_line_of_the_log_has_it() -> None:
    record = logging.makeLogRecord({"msg": "hello"})

    assert RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "-"
