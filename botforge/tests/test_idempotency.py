"""A request that is sent twice under one key is carried out once."""

import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import encode_multipart
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.models import User
from accounts.tests.factories import user_create
from botforge.api.idempotency import idempotent
from botforge.idempotency import answers_purge
from botforge.models import IdempotentAnswer
from marketdata.models import Instrument

pytestmark = pytest.mark.django_db

KEY = "order 66"


class Orders(APIView):
    """Stores an instrument for every order that it carries out."""

    parser_classes = (JSONParser, MultiPartParser)
    throttle_classes = ()

    @idempotent
    def post(self, request: Request) -> Response:
        given: Any = request.data
        symbol = f"{given['symbol']}-{Instrument.objects.count()}"
        Instrument.objects.create(source="orders", symbol=symbol)
        if given.get("then") == "raise":
            raise ValidationError("no")
        if given.get("then") == "refuse":
            return Response({"detail": "no"}, 409)
        body = {"z": symbol, "a": 0.1, "none": None}
        return Response(body, 202, headers={"Location": f"/orders/{symbol}/"})


@pytest.fixture
def alice() -> User:
    return user_create()


def send(
    user: User | None, body: Any, key: str | None = KEY, *, path: str = "/orders/"
) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    request = APIRequestFactory().post(path, body, format="json", headers=headers)
    return answered(user, request)


def send_form(user: User, form: dict[str, Any], *, boundary: str) -> Response:
    request = APIRequestFactory().generic(
        "POST",
        "/orders/",
        encode_multipart(boundary, form).decode(),
        f"multipart/form-data; boundary={boundary}",
        headers={"Idempotency-Key": KEY},
    )
    return answered(user, request)


def answered(user: User | None, request: Any) -> Response:
    if user is not None:
        force_authenticate(request, user)
    response: Response = Orders.as_view()(request)
    response.render()
    return response


def orders() -> int:
    return Instrument.objects.filter(source="orders").count()


def test_the_same_request_again_gets_the_first_answer_again(alice: User) -> None:
    first = send(alice, {"symbol": "A", "n": [1, 2]})
    again = send(alice, {"n": [1, 2], "symbol": "A"})

    assert orders() == 1
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content == b'{"z":"A-0","a":0.1,"none":null}'
    assert again["Location"] == first["Location"] == "/orders/A-0/"
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"


def test_without_a_key_every_request_is_carried_out(alice: User) -> None:
    for _ in range(2):
        assert send(alice, {"symbol": "A"}, None).status_code == 202

    assert orders() == 2
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"symbol": "B"}, "/orders/"),
        ({"symbol": "A", "x": None}, "/orders/"),
        ({"symbol": "A"}, "/others/"),
        ({"symbol": "A"}, "/orders/?dry=1"),
    ],
)
def test_another_request_under_a_used_key_is_refused(
    alice: User, body: Any, path: str
) -> None:
    send(alice, {"symbol": "A"})

    refused = send(alice, body, path=path)

    assert refused.status_code == 422
    assert refused.data["code"] == "idempotency_key_reused"
    assert orders() == 1


def test_keys_of_two_users_have_nothing_to_do_with_each_other(alice: User) -> None:
    send(alice, {"symbol": "A"})

    other = send(user_create(email="bob@example.org"), {"symbol": "B"})

    assert other.status_code == 202
    assert orders() == 2


@pytest.mark.parametrize("then", ["raise", "refuse"])
def test_an_error_leaves_nothing_and_the_key_free(alice: User, then: str) -> None:
    assert send(alice, {"symbol": "A", "then": then}).status_code >= 400
    assert orders() == 0

    assert send(alice, {"symbol": "A"}).status_code == 202
    assert orders() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "née"])
def test_a_key_that_is_none_is_refused(alice: User, key: str) -> None:
    refused = send(alice, {"symbol": "A"}, key)

    assert refused.status_code == 400
    assert refused.data["code"] == "idempotency_key_invalid"
    assert orders() == 0


@pytest.mark.parametrize("key", ["x", "x" * 255, '!~ #/{}\\"'])
def test_any_printable_ascii_is_a_key(alice: User, key: str) -> None:
    assert send(alice, {"symbol": "A"}, key).status_code == 202
    assert IdempotentAnswer.objects.get().key == key


def test_nobody_has_no_keys() -> None:
    assert send(None, {"symbol": "A"}).status_code in (401, 403)
    assert not IdempotentAnswer.objects.exists()


def test_after_a_day_the_key_is_free_again(alice: User) -> None:
    send(alice, {"symbol": "A"})
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24))

    later = send(alice, {"symbol": "B"})

    assert later.status_code == 202
    assert "Idempotent-Replayed" not in later
    assert IdempotentAnswer.objects.count() == 1


def test_a_purge_deletes_what_is_older_than_a_day(alice: User) -> None:
    for hours in (23, 25):
        send(alice, {"symbol": "A"}, f"{hours} hours ago")
        IdempotentAnswer.objects.filter(key__startswith=str(hours)).update(
            created_at=timezone.now() - timedelta(hours=hours)
        )

    assert answers_purge() == 1
    assert IdempotentAnswer.objects.get().key == "23 hours ago"


def test_a_form_is_the_same_with_another_boundary_between_its_parts(
    alice: User,
) -> None:
    def form() -> dict[str, Any]:
        file = SimpleUploadedFile("candles.csv", b"1,2,3")
        return {"symbol": "A", "file": file}

    assert send_form(alice, form(), boundary="one").status_code == 202
    again = send_form(alice, form(), boundary="two")

    assert again["Idempotent-Replayed"] == "true"
    assert orders() == 1


@pytest.mark.parametrize(
    "form",
    [
        {"symbol": "A", "file": SimpleUploadedFile("candles.csv", b"1,2,4")},
        {"symbol": "A", "file": SimpleUploadedFile("others.csv", b"1,2,3")},
        {"symbol": "B", "file": SimpleUploadedFile("candles.csv", b"1,2,3")},
        {"symbol": "A"},
    ],
)
def test_a_form_with_another_file_or_field_is_another_request(
    alice: User, form: dict[str, Any]
) -> None:
    first = {"symbol": "A", "file": SimpleUploadedFile("candles.csv", b"1,2,3")}
    send_form(alice, first, boundary="b")

    assert send_form(alice, form, boundary="b").status_code == 422


def test_a_large_file_is_not_taken_into_memory(alice: User) -> None:
    size = 20_000_000
    file = SimpleUploadedFile("big.bin", bytes(size))
    form = encode_multipart("b", {"symbol": "A", "file": file}).decode()
    request = APIRequestFactory().generic(
        "POST",
        "/orders/",
        form,
        "multipart/form-data; boundary=b",
        headers={"Idempotency-Key": KEY},
    )

    tracemalloc.start()
    response = answered(alice, request)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert response.status_code == 202
    assert peak < size / 10


def at_once(user: User, count: int) -> list[Response]:
    """Send the request from as many threads, each with a connection of its own."""
    barrier = threading.Barrier(count)

    def one() -> Response:
        barrier.wait()
        try:
            return send(user, {"symbol": "A"})
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [f.result() for f in [pool.submit(one) for _ in range(count)]]


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_requests_one_is_carried_out_and_all_get_its_answer(
    alice: User,
) -> None:
    answers = at_once(alice, 8)

    assert orders() == 1
    assert {answer.content for answer in answers} == {
        b'{"z":"A-0","a":0.1,"none":null}'
    }
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_that_waited_for_one_that_fails_is_carried_out(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = iter(("fail", "succeed"))

    def slowly(view: Orders, request: Request) -> Response:
        turn = next(turns)
        time.sleep(0.2)  # The other one comes meanwhile.
        Instrument.objects.create(source="orders", symbol=turn)
        return Response({}, 500 if turn == "fail" else 202)

    monkeypatch.setattr(Orders, "post", idempotent(slowly))

    answers = at_once(alice, 2)

    assert sorted(answer.status_code for answer in answers) == [202, 500]
    assert list(Instrument.objects.values_list("symbol", flat=True)) == ["succeed"]
