"""What browsers are told: who may read, what may run."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.tests.factories import user_create

LIVE, DOCS, ADMIN = "/api/v1/health/live/", "/api/v1/docs/", "/admin/"
FRIEND, STRANGER = "https://app.example.org", "https://evil.example.org"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(user_create(staff=True))
    return client


def policy_of(response: Any) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (d.partition(" ") for d in directives)}


@pytest.mark.parametrize("url", [LIVE, DOCS, ADMIN, "/nothing/"])
def test_every_answer_is_protected(operator: Client, url: str) -> None:
    response = operator.get(url)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("url", [LIVE, DOCS, ADMIN, "/admin/login/", "/nothing/"])
def test_nothing_from_elsewhere_may_run_and_nobody_may_frame(
    operator: Client, url: str
) -> None:
    policy = policy_of(operator.get(url))

    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy.get("script-src", "'self'") == "'self'"
    assert "http" not in str(policy)
    assert "unsafe-eval" not in str(policy)


def test_the_admin_has_no_inline_script_that_its_policy_would_stop(
    operator: Client,
) -> None:
    page = operator.get(ADMIN).content.decode()

    assert "<script>" not in page
    assert "onclick=" not in page


def test_https_headers_come_with_https_only(settings: Settings) -> None:
    assert "Strict-Transport-Security" not in Client().get(LIVE)

    settings.SECURE_HSTS_SECONDS = 60
    assert "max-age=60" in Client().get(LIVE, secure=True)["Strict-Transport-Security"]


def test_no_other_origin_may_read_unless_the_operator_says_so() -> None:
    response = Client().get(LIVE, HTTP_ORIGIN=FRIEND)

    assert "Access-Control-Allow-Origin" not in response


def test_an_origin_in_the_setting_may_read(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]

    friend = Client().get(LIVE, HTTP_ORIGIN=FRIEND)
    stranger = Client().get(LIVE, HTTP_ORIGIN=STRANGER)

    assert friend["Access-Control-Allow-Origin"] == FRIEND
    assert "Location" in friend["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in stranger


def test_a_browser_is_told_before_it_asks_with_a_token(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]

    response = Client().options(
        "/api/v1/backtests/",
        HTTP_ORIGIN=FRIEND,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization,content-type",
    )

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == FRIEND
    assert "authorization" in response["Access-Control-Allow-Headers"]


def test_a_refusal_can_be_read_by_the_origin_too(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]

    response = Client().get("/api/v1/backtests/", HTTP_ORIGIN=FRIEND)

    assert response.status_code == 401
    assert response["Access-Control-Allow-Origin"] == FRIEND


def test_the_admin_is_for_no_other_origin(operator: Client, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]

    response = operator.get(ADMIN, HTTP_ORIGIN=FRIEND)

    assert "Access-Control-Allow-Origin" not in response
