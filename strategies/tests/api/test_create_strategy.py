import hashlib
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client, as_json
from accounts.tests.problems import pointers_of, problem_of
from strategies.models import Strategy
from strategies.tests.factories import CODE, strategy_of

URL = "/api/v1/strategies/"


def _create(user: User, **change: Any) -> HttpResponse:
    given = {"name": "Cross", "code": CODE} | change
    response: HttpResponse = api_client(user).post(URL, **as_json(given))
    return response


def test_it_stores_the_strategy_with_version_1(alice: User) -> None:
    response = _create(alice, description="A test", parameters={"fast": 20})

    assert response.status_code == 201
    strategy = Strategy.objects.get()
    body = api_client(alice).get(response["Location"]).json()
    assert body == {
        "id": strategy.pk,
        "name": "Cross",
        "description": "A test",
        "code": CODE,
        "parameters": {"fast": 20},
        "version": 1,
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    assert response["ETag"] == '"1"'
    assert strategy.owner == alice
    source_hash = hashlib.sha256(CODE.encode()).hexdigest()
    assert strategy.versions.get().source_hash == source_hash


def test_a_name_is_free_once_per_owner(alice: User, bob: User) -> None:
    strategy_of(alice, name="Cross")

    assert pointers_of(_create(alice)) == ["/name"]
    assert _create(bob).status_code == 201
    assert Strategy.objects.count() == 2


def test_code_is_kept_as_it_is(alice: User) -> None:
    code = "\n  # A comment\r\nenter_long \t= True  \n\n"

    _create(alice, code=code)

    assert Strategy.objects.get().versions.get().code == code


def test_every_kind_of_parameter_is_kept(alice: User) -> None:
    parameters = {"a": 1, "b": 1.5, "c": True, "d": "sma", "e": "", "f": -(2**53)}
    defaults = {"a": 2, "b": 2.5, "c": False, "d": "ema", "e": "x", "f": 0}
    declared = "".join(f"{n} = param({n!r}, {v!r})\n" for n, v in defaults.items())

    response = _create(alice, code=declared + CODE, parameters=parameters)

    assert response.status_code == 201
    assert Strategy.objects.get().parameters == parameters


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "  "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": None}, "/name"),
        ({"name": ["a"]}, "/name"),
        ({"description": "x" * 5001}, "/description"),
        ({"code": ""}, "/code"),
        ({"code": None}, "/code"),
        ({"code": {}}, "/code"),
        ({"code": "x" * 20_001}, "/code"),
        ({"code": "é" * 10_001}, "/code"),
        ({"code": "x\n" * 501}, "/code"),
        ({"parameters": None}, "/parameters"),
        ({"parameters": [1]}, "/parameters"),
        ({"parameters": "fast=1"}, "/parameters"),
        ({"parameters": {f"p{i}": 1 for i in range(51)}}, "/parameters"),
        ({"parameters": {"": 1}}, "/parameters"),
        ({"parameters": {"x" * 101: 1}}, "/parameters"),
        ({"parameters": {"a\x1b": 1}}, "/parameters"),
        ({"parameters": {"fast": None}}, "/parameters/fast"),
        ({"parameters": {"fast": [1]}}, "/parameters/fast"),
        ({"parameters": {"fast": {"a": 1}}}, "/parameters/fast"),
        ({"parameters": {"fast": 2**53 + 1}}, "/parameters/fast"),
        ({"parameters": {"fast": 10**1000}}, "/parameters/fast"),
        ({"parameters": {"fast": "x" * 1001}}, "/parameters/fast"),
        ({"owner": 3}, "/owner"),
        ({"version": 3}, "/version"),
    ],
)
def test_bad_input_names_the_field(
    alice: User, change: dict[str, Any], pointer: str
) -> None:
    assert pointers_of(_create(alice, **change)) == [pointer]
    assert not Strategy.objects.exists()


def test_the_largest_code_is_taken(alice: User) -> None:
    longest = CODE + "#" * (20_000 - len(CODE))
    most_lines = "\n" * 498 + CODE

    assert _create(alice, code=longest).status_code == 201
    assert _create(alice, name="Lines", code=most_lines).status_code == 201


def test_code_with_problems_is_refused_with_all_of_them(alice: User) -> None:
    response = _create(alice, code="enter_long = clsoe > 1\nfor i in x: pass\n")

    problem = problem_of(response, 400)
    assert problem["code"] == "invalid_code"
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [
        ("/code", "unknown_name"),
        ("/code", "loop"),
    ]
    assert problem["diagnostics"][0] == {
        "code": "unknown_name",
        "message": "There is no clsoe. Did you mean `close`?",
        "line": 1,
        "column": 14,
        "end_line": 1,
        "end_column": 19,
        "suggestion": "close",
    }
    assert "Traceback" not in str(problem)
    assert not Strategy.objects.exists()


def test_fields_and_code_are_told_of_at_once(alice: User) -> None:
    response = _create(alice, name="", code="enter_long = clsoe > 1\nimport os\n")

    problem = problem_of(response, 400)
    assert problem["code"] == "invalid_code"
    assert problem["detail"].startswith("name: This field may not be blank. Line 1,")
    assert [e["pointer"] for e in problem["errors"]] == ["/name", "/code", "/code"]
    assert [d["line"] for d in problem["diagnostics"]] == [1, 2]


def test_parameters_that_do_not_fit_are_shown_where_the_code_declares_them(
    alice: User,
) -> None:
    code = f'fast = param("fast", 9, min=2)\nx = fast\n{CODE.partition("\n")[2]}'

    for name in ("Cross", ""):
        response = _create(alice, name=name, code=code, parameters={"fast": 1})

        problem = problem_of(response, 400)
        assert "/parameters/fast" in [e["pointer"] for e in problem["errors"]]
        (shown,) = problem["diagnostics"]
        assert (shown["code"], shown["line"], shown["column"]) == ("too_small", 1, 8)


def test_defaults_that_break_a_requirement_are_told_beside_the_fields(
    alice: User,
) -> None:
    code = f'a = param("a", 9)\nrequire(a < 5)\n{CODE}'

    assert pointers_of(_create(alice, name="", code=code)) == ["/name", "/parameters/a"]


def test_a_name_that_is_taken_does_not_hide_the_problems_of_the_code(
    alice: User,
) -> None:
    strategy_of(alice, name="Cross")

    assert pointers_of(_create(alice, code="import os")) == ["/code", "/name"]
    assert pointers_of(_create(alice, parameters={"fast": "x"})) == [
        "/name",
        "/parameters/fast",
    ]


def test_values_of_the_wrong_shape_do_not_hide_the_problems_of_the_code(
    alice: User,
) -> None:
    response = _create(alice, code="import os", parameters={"fast": []})

    pointers = {e["pointer"] for e in problem_of(response, 400)["errors"]}
    assert pointers == {"/parameters/fast", "/code"}


def test_parameters_must_be_declared_by_the_code(alice: User) -> None:
    given = {"fast": "x", "slow": 3}

    assert pointers_of(_create(alice, parameters=given)) == [
        "/parameters/fast",
        "/parameters/slow",
    ]
    assert pointers_of(_create(alice, parameters={"fast": 6000})) == [
        "/parameters/fast"
    ]


@pytest.mark.parametrize("text", ["x\x00", "x\ud800", "\udfff"])
@pytest.mark.parametrize("field", ["name", "description", "code", "parameters"])
def test_text_that_no_database_can_hold_is_refused(
    alice: User, field: str, text: str
) -> None:
    given: dict[str, Any] = {field: text}
    if field == "parameters":
        given = {"parameters": {text: 1, "kind": text}}

    problem_of(_create(alice, **given), 400)
    problem_of(_create(alice, **{text: 1}), 400)
    assert not Strategy.objects.exists()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1" * 5000])
def test_what_is_no_finite_number_is_refused(alice: User, number: str) -> None:
    body = f'{{"name": "Cross", "code": "x", "parameters": {{"fast": {number}}}}}'

    response = api_client(alice).post(URL, body, content_type="application/json")

    assert "sys." not in problem_of(response, 400)["detail"]
    assert not Strategy.objects.exists()


def test_json_without_a_bottom_is_refused(alice: User) -> None:
    body = "[" * 100_000

    response = api_client(alice).post(URL, body, content_type="application/json")

    problem_of(response, 400)


def test_every_missing_field_is_named(alice: User) -> None:
    assert pointers_of(api_client(alice).post(URL, {})) == ["/code", "/name"]


def test_nobody_can_not_store_one(db: None) -> None:
    problem_of(api_client().post(URL, {}), 401)


def test_it_takes_few_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):  # a savepoint, two inserts, the answer
        _create(alice)
