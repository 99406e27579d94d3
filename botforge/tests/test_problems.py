"""Every failure is a problem (RFC 9457), whoever noticed it."""

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from accounts.tests.factories import api_client, jwt_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from botforge.errors import (
    BotForgeError,
    Conflict,
    FieldError,
    InvalidInput,
    NotAvailable,
    NotFound,
    PreconditionFailed,
    QuotaExceeded,
)

BACKTESTS = "/api/v1/backtests/"
raised: list[Exception] = []
KEY = f"test-{uuid.uuid4()}"  # Redis may remember an earlier run


class RaisingView(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        raise raised[-1]


class OncePerMinute(SimpleRateThrottle):
    rate = "1/min"
    scope = "test"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return KEY


class ThrottledView(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (OncePerMinute,)

    def get(self, request: Request) -> Response:
        return Response({})


def broken_page(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [
    path("api/v1/raise/", RaisingView.as_view()),
    path("api/v1/throttled/", ThrottledView.as_view()),
    path("broken/", broken_page),
    path("", include("botforge.urls")),
]

handler400 = "botforge.api.problems.bad_request"
handler404 = "botforge.api.problems.page_not_found"
handler500 = "botforge.api.problems.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def _clean_raised() -> Iterator[None]:
    yield
    raised.clear()


def fetch(url: str, client: Client | None = None, **headers: str) -> Any:
    """Return what a browser gets, outside the REST framework's own client."""
    return (client or Client()).get(url, headers=headers)


def answer_to(error: Exception) -> Any:
    raised.append(error)
    client = APIClient(raise_request_exception=False)
    return client.get("/api/v1/raise/")


def test_a_problem_has_every_member_of_the_standard_and_a_request_id() -> None:
    response = api_client().get(BACKTESTS, HTTP_X_REQUEST_ID="abc")

    assert problem_of(response, 401) == {
        "type": "urn:botforge:problem:not_authenticated",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Authentication credentials were not provided.",
        "code": "not_authenticated",
        "request_id": "abc",
    }


def test_without_a_token_the_answer_says_how_to_give_one() -> None:
    response = api_client().get(BACKTESTS)

    problem_of(response, 401)
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer a.b.c", "Bearer", "Bearer a b c"]
)
def test_a_token_that_is_none_is_401(header: str) -> None:
    response = APIClient().get(BACKTESTS, HTTP_AUTHORIZATION=header)

    assert problem_of(response, 401)["code"] != "internal"


@pytest.mark.parametrize("header", ["Basic YWxpY2U6eA==", "Token abc"])
def test_another_scheme_is_401(header: str) -> None:
    problem_of(APIClient().get(BACKTESTS, HTTP_AUTHORIZATION=header), 401)


def test_an_expired_token_is_401(alice: User) -> None:
    token = AccessToken.for_user(alice)
    token.set_exp(lifetime=-timedelta(seconds=1))
    header = f"Bearer {token}"

    problem = problem_of(APIClient().get(BACKTESTS, HTTP_AUTHORIZATION=header), 401)

    assert problem["code"] == "token_not_valid"


def test_a_session_of_the_admin_is_no_token(alice: User) -> None:
    client = Client()
    client.force_login(alice)

    problem_of(fetch(BACKTESTS, client), 401)


def test_malformed_json_is_400(alice: User) -> None:
    response = jwt_client(alice).post(BACKTESTS, "{", content_type="application/json")

    assert problem_of(response, 400)["code"] == "parse_error"


@pytest.mark.parametrize("url", ["/api/v1/", "/api/v1/nothing/", "/api/v1/backtest"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_path_is_404_with_a_hint(url: str, method: str) -> None:
    problem = problem_of(getattr(api_client(), method)(url), 404)

    assert url in problem["detail"]
    assert ("end with a slash" in problem["detail"]) == (not url.endswith("/"))


def test_an_unknown_path_outside_the_api_is_404() -> None:
    problem_of(fetch("/nothing/"), 404)


def test_another_method_is_405(alice: User) -> None:
    response = jwt_client(alice).delete(BACKTESTS)

    problem_of(response, 405)
    assert "POST" in response["Allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png"])
def test_an_answer_that_is_no_json_is_not_had(alice: User, accept: str) -> None:
    problem_of(jwt_client(alice).get(BACKTESTS, HTTP_ACCEPT=accept), 406)


@pytest.mark.parametrize("megabytes", [1.1, 3, 30])
def test_a_body_too_large_is_413(alice: User, megabytes: float) -> None:
    body = json.dumps({"name": "x" * int(megabytes * 1_000_000)})

    response = jwt_client(alice).post(BACKTESTS, body, content_type="application/json")

    assert problem_of(response, 413)["code"] == "too_large"


def test_another_content_type_is_415(alice: User) -> None:
    response = jwt_client(alice).post(BACKTESTS, "a=b", content_type="text/csv")

    problem_of(response, 415)


def test_too_many_requests_are_429_with_the_time_to_wait() -> None:
    assert api_client().get("/api/v1/throttled/").status_code == 200

    response = api_client().get("/api/v1/throttled/")

    assert problem_of(response, 429)["code"] == "throttled"
    assert 0 < int(response["Retry-After"]) <= 61


@pytest.mark.usefixtures("_clean_raised")
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InvalidInput(), 400, "invalid"),
        (NotFound("No."), 404, "not_found"),
        (Conflict("No."), 409, "conflict"),
        (Conflict("No.", code="not_finished"), 409, "not_finished"),
        (PreconditionFailed("No."), 412, "precondition_failed"),
        (NotAvailable("No."), 422, "not_available"),
        (QuotaExceeded("No."), 429, "quota_exceeded"),
        (BotForgeError("No."), 400, "error"),
        (Http404("secret detail"), 404, "not_found"),
        (PermissionDenied("secret detail"), 403, "permission_denied"),
        (SuspiciousOperation("secret detail"), 400, "parse_error"),
    ],
)
def test_an_expected_error_has_its_status(
    error: Exception, status: int, code: str
) -> None:
    response = answer_to(error)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert b"secret" not in response.content


@pytest.mark.usefixtures("_clean_raised")
def test_every_wrong_field_is_named() -> None:
    error = InvalidInput(
        FieldError("/a", "bad", "A is bad."), FieldError("/b/0", "worse", "B is worse.")
    )

    response = answer_to(error)

    assert pointers_of(response) == ["/a", "/b/0"]
    assert problem_of(response, 400)["detail"] == "A is bad. B is worse."


@pytest.mark.usefixtures("_clean_raised")
@pytest.mark.parametrize("debug", [True, False])
def test_a_bug_is_500_without_a_trace_of_it_and_logged_with_all(
    caplog: pytest.LogCaptureFixture, debug: bool
) -> None:
    with caplog.at_level(logging.ERROR), override_settings(DEBUG=debug):
        response = answer_to(RuntimeError("secret detail"))

    assert problem_of(response, 500)["code"] == "internal"
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content
    assert "secret detail" in caplog.text
    assert "Traceback" in caplog.text


@override_settings(DEBUG=False)
def test_a_bug_outside_the_api_is_500_without_a_trace_of_it() -> None:
    response = fetch("/broken/", Client(raise_request_exception=False))

    problem_of(response, 500)
    assert b"secret" not in response.content


@override_settings(DEBUG=False)
def test_a_foreign_host_is_400() -> None:
    response = fetch("/api/v1/health/live/", host="evil.example.org")

    problem_of(response, 400)
    assert b"evil" not in response.content
