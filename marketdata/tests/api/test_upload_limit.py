"""POST imports/ with a file that is larger than it may be."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings
from rest_framework.test import APIClient
from rq import Queue

from accounts.tests.factories import api_client, user_create
from marketdata.models import ImportJob
from marketdata.tests.imports.queues import empty_queue

URL = "/api/v1/imports/"
# What is said need not be looked for in the file.
NAMES = {"symbol": "BTC/USDT", "timeframe": "1h"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


def upload(client: APIClient, name: str, content: bytes, **form: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(URL, {"file": file, **form}, format="multipart")


def test_a_file_is_cut_off_at_the_limit(client: APIClient, settings: Settings) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1000

    response = upload(client, "my.csv", b"x" * 1001)

    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert "1,000 bytes" in response.json()["detail"]
    assert not ImportJob.objects.exists()


def test_a_body_that_is_far_too_large_is_not_read(
    client: APIClient, settings: Settings
) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1000

    assert upload(client, "my.csv", b"x" * 100_000).status_code == 413


def test_a_file_at_the_limit_is_taken(
    client: APIClient, queue: Queue, settings: Settings
) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1000

    assert upload(client, "my.csv", b"x" * 1000, **NAMES).status_code == 202
