"""The schema and the page that shows it."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.validation import validate_schema
from pytest_django import Settings

SCHEMA, DOCS = "/api/v1/schema/", "/api/v1/docs/"
ASSET = re.compile(r'(?:src|href)="([^"]+)"')

pytestmark = pytest.mark.django_db


def schema() -> dict:  # type: ignore[type-arg] # OpenAPI, as deep as it is
    response = Client().get(SCHEMA, HTTP_ACCEPT="application/json")
    assert response.status_code == 200
    return dict(response.json())


def test_the_schema_is_valid_openapi_without_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate")

    assert capsys.readouterr().out.startswith("openapi: 3.1")


def test_the_schema_that_is_served_is_valid() -> None:
    validate_schema(schema())  # type: ignore[no-untyped-call] # untyped library


def test_the_docs_page_uses_nothing_from_elsewhere() -> None:
    page = Client().get(DOCS)

    html = page.content.decode()
    assets = ASSET.findall(html)
    assert page.status_code == 200
    assert assets
    for asset in assets:
        assert re.match(r"/[^/]|\./|\?", asset), asset
    assert not re.search(r"https?://|//cdn", html)
    assert "<script>" not in html


def test_every_asset_of_the_docs_page_is_there(settings: Settings) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    html = Client().get(DOCS).content.decode()

    for asset in ASSET.findall(html):
        if asset.startswith("/static/"):
            response = Client().get(asset)
            assert response.status_code == 200, asset


def test_the_pages_own_script_is_served_separately() -> None:
    html = Client().get(DOCS).content.decode()
    (script,) = [asset for asset in ASSET.findall(html) if "script" in asset]

    response = Client().get(DOCS + script if script.startswith("?") else script)

    assert response.status_code == 200
    assert b"SwaggerUIBundle" in response.content
    assert b"cdn" not in response.content


def test_the_front_door_leads_to_the_docs() -> None:
    response = Client().get("/")

    assert response.status_code == 302
    assert response["Location"] == DOCS
