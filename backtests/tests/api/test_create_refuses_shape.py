"""Bodies that are not what they should be, told before anything is looked up."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, as_json, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest
from backtests.tests.factories import walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

URL = "/api/v1/backtests/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture(autouse=True)
def _nothing_is_stored_or_queued() -> Iterator[None]:
    with empty_queue() as queue:
        yield
        assert not Backtest.objects.exists()
        assert queue.job_ids == []


def send(api: APIClient, body: str) -> HttpResponse:
    return api.post(URL, body, content_type="application/json")


@pytest.mark.parametrize(
    "changes",
    [
        {"strategy": "one"},
        {"strategy": True},
        {"strategy": 1.5},
        {"strategy": 0},
        {"strategy": 2**63},
        {"strategy": [1]},
        {"strategy": None},
        {"strategy_version": -1},
        {"strategy_version": 2**31},
        {"library": ["ma_cross"]},
        {"library": None},
        {"library": ""},
        {"library": "x" * 61},
        {"parameters": [1]},
        {"parameters": "fast"},
        {"parameters": None},
        {"series": "1"},
        {"series": 1.0},
        {"series": True},
        {"series": None},
        {"series": 0},
        {"series": 2**63},
        {"series": []},
        {"start": 1704067200},
        {"start": "yesterday"},
        {"start": "2024-13-01T00:00:00Z"},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"end": "9999-12-31T23:59:59-14:00"},
        {"end": {}},
        {"execution": []},
        {"execution": "default"},
        {"execution": None},
        {"name": ["x"]},
        {"name": "x" * 201},
        {"name": None},
        {"tags": "one"},
        {"tags": {"a": 1}},
        {"tags": ["x"] * 21},
    ],
)
def test_a_field_of_the_wrong_type_or_size_is_named(
    api: APIClient, series: Series, changes: dict[str, Any]
) -> None:
    given = {"library": "ma_cross", "series": series.pk, **changes}

    assert pointers_of(api.post(URL, given)) == [f"/{name}" for name in changes]


@pytest.mark.parametrize(
    "execution",
    [
        {"fee_rate": "0.001"},
        {"fee_rate": True},
        {"fee_rate": None},
        {"fee_rate": [0.001]},
        {"fee_rate": 10**400},
        {"size": {}},
        {"initial_capital": "lots"},
        {"pyramiding": 1.5},
        {"pyramiding": "1"},
        {"pyramiding": True},
        {"pyramiding": 10**400},
        {"max_positions": 10**400},
        {"allow_short": "yes"},
        {"allow_short": 1},
        {"allow_short": None},
        {"stop_slippage": "yes"},
        {"stop_slippage": 1},
        {"stop_slippage": {"both": True}},
        {"stop_slippage": None},
        {"fill": "yesterday"},
        {"fill": ["next_open"]},
        {"fill": None},
        {"stop_loss": "5%"},
    ],
)
def test_an_execution_field_of_the_wrong_type_is_named(
    api: APIClient, series: Series, execution: dict[str, Any]
) -> None:
    given = {"library": "ma_cross", "series": series.pk, "execution": execution}

    pointers = [f"/execution/{name}" for name in execution]
    assert pointers_of(api.post(URL, given)) == pointers


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" + "0" * 400, "9" * 4000])
@pytest.mark.parametrize(
    "field", ["fee_rate", "initial_capital", "size", "stop_loss", "pyramiding"]
)
def test_a_number_beyond_all_bounds_is_refused(
    api: APIClient, series: Series, field: str, number: str
) -> None:
    body = f'{{"library":"ma_cross","series":{series.pk},"execution":{{"{field}":'

    response = send(api, body + number + "}}")

    assert pointers_of(response) == [f"/execution/{field}"]


def test_a_misspelt_execution_field_is_answered_with_those_there_are(
    api: APIClient, series: Series
) -> None:
    given = {"library": "ma_cross", "series": series.pk, "execution": {"fee_rte": 0}}

    response = api.post(URL, given)

    assert pointers_of(response) == ["/execution/fee_rte"]
    assert "fee_rate, maker_fee_rate" in problem_of(response, 400)["detail"]


def test_an_unknown_field_is_named(api: APIClient, series: Series) -> None:
    response = api.post(
        URL, {"library": "ma_cross", "series": series.pk, "a/b~c": 1, "status": "x"}
    )

    assert pointers_of(response) == ["/a~1b~0c", "/status"]


def test_unknown_and_wrong_fields_are_named_together(
    api: APIClient, series: Series
) -> None:
    wrong = {"libary": "ma_cross", "series": "BTC", "execution": {"fee_rte": 0}}

    response = api.post(URL, {**wrong, "tags": "x"})

    assert pointers_of(response) == [
        "/execution/fee_rte",
        "/libary",
        "/series",
        "/tags",
    ]


def test_each_wrong_name_of_a_series_is_named(api: APIClient) -> None:
    series = {"source": "", "symbol": "x" * 41, "timeframe": 5, "interval": "1h"}

    response = api.post(URL, {"library": "ma_cross", "series": series})

    assert pointers_of(response) == [
        "/series/interval",
        "/series/source",
        "/series/symbol",
        "/series/timeframe",
    ]


def test_what_is_missing_is_named(api: APIClient) -> None:
    assert pointers_of(api.post(URL, {})) == ["/series"]


def test_thousands_of_errors_make_a_short_answer(
    api: APIClient, series: Series
) -> None:
    unknown = {f"p{number}": 0 for number in range(5_000)}
    tags: list[object] = [[]] * 5_000
    given = {"library": "ma_cross", "series": series.pk}

    for wrong in ({"parameters": unknown}, {"tags": tags}, unknown):
        response = api.post(URL, {**given, **wrong})

        assert response.status_code == 400
        assert len(response.content) < 20_000


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"library": "ma_cross",}',
        "{'library': 'ma_cross'}",
        '{"series": NaN}',
        '{"series": Infinity}',
        '{"series": -Infinity}',
        "\x00",
        "[" * 100_000,
        '{"series":' * 100_000,
        "[" * 100 + "]" * 100,
        '{"series": ' + "[" * 900 + "]" * 900 + "}",
        '{"execution": {"fill": ' + "[" * 900 + "]" * 900 + "}}",
        '{"series": ' + "9" * 5_000 + "}",
    ],
)
def test_what_is_no_json_is_refused(api: APIClient, body: str) -> None:
    problem = problem_of(send(api, body), 400)

    assert problem["code"] in ("parse_error", "invalid")


def test_bytes_that_are_no_text_are_refused(api: APIClient) -> None:
    response = api.post(URL, b'{"name": "\xff\xfe"}', content_type="application/json")

    problem_of(response, 400)


@pytest.mark.parametrize("body", ["[]", '[{"series": 1}]', '"text"', "null", "5"])
def test_json_that_is_no_object_is_refused(api: APIClient, body: str) -> None:
    problem_of(send(api, body), 400)


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "x\udc00y"])
@pytest.mark.parametrize(
    "field",
    [
        {"name": "?"},
        {"tags": ["?"]},
        {"library": "?"},
        {"parameters": {"?": 1}},
        {"parameters": {"type": "?"}},
        {"series": {"source": "toys", "symbol": "?", "timeframe": "1h"}},
        {"?": 1},
    ],
)
def test_text_that_cannot_be_stored_is_refused(
    api: APIClient, series: Series, field: dict[str, Any], text: str
) -> None:
    given = {"library": "ma_cross", "series": series.pk, **field}
    body = as_json(given)
    body["data"] = body["data"].replace("?", as_json(text)["data"].strip('"'))

    response = api.post(URL, **body)

    assert "surrogate" in problem_of(response, 400)["detail"]
    assert len(pointers_of(response)) == 1


@pytest.mark.parametrize("megabytes", [2, 5])
def test_a_huge_body_is_413(api: APIClient, megabytes: int) -> None:
    body = '{"name": "' + "x" * megabytes * 1_000_000 + '"}'

    assert problem_of(send(api, body), 413)["code"] == "too_large"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x"],
)
def test_another_content_type_is_415(api: APIClient, content_type: str) -> None:
    response = api.post(URL, "library=ma_cross", content_type=content_type)

    assert problem_of(response, 415)["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"execution": {"fill": "xx"}}, 'Give one of next_open, same_close, not "xx".'),
        ({"cache": "no"}, 'Give one of use, refresh, not "no".'),
    ],
)
def test_a_choice_that_is_none_names_those_that_are(
    api: APIClient, series: Series, changes: dict[str, Any], detail: str
) -> None:
    request = {"library": "ma_cross", "series": series.pk, **changes}

    assert detail in problem_of(api.post(URL, request), 400)["detail"]
