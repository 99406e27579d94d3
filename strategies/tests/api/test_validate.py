from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client, as_json
from accounts.tests.problems import pointers_of, problem_of
from strategies.models import Strategy

URL = "/api/v1/strategies/validate/"
CODE = """fast = param("fast", 20, min=2, max=200)
enter_long = crossover(ema(close, fast), ema(close, 100))
stop_loss = 3 * atr(14)
plot("fast", ema(close, fast))
"""


def _validate(user: User, code: str, **given: Any) -> dict[str, Any]:
    response = api_client(user).post(URL, **as_json({"code": code, **given}))
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def test_a_valid_program_is_described(alice: User) -> None:
    body = _validate(alice, CODE, parameters={"fast": 30})

    assert body["valid"] is True
    assert body["diagnostics"] == []
    assert body["parameters"] == [
        {
            "name": "fast",
            "type": "int",
            "default": 20,
            "minimum": 2.0,
            "maximum": 200.0,
            "step": None,
            "choices": None,
            "description": "",
            "value": 30,
        }
    ]
    assert body["warmup_bars"] == 100
    assert body["functions"] == ["atr", "crossover", "ema"]
    assert body["outputs"] == ["enter_long", "stop_loss"]
    assert body["plots"] == ["fast"]
    assert body["cost"]["additions_per_bar"] > 0
    assert body["cost"]["bytes_per_bar"] >= 16


def test_a_program_is_tried_for_look_ahead_on_request(alice: User) -> None:
    causality = _validate(alice, CODE, causality=True)["causality"]

    assert causality["passed"] is True
    assert causality["leak"] is None
    # The warm-up of 100 bars, and 1,500 in which to trade.
    assert causality["bars"] == 1600
    assert causality["orders"] > 0
    assert 1 <= len(causality["prefixes"]) <= 6
    assert "no signal changed" in causality["detail"]


def test_without_the_request_it_is_not_tried(alice: User) -> None:
    assert "causality" not in _validate(alice, CODE)


def test_a_program_that_never_orders_has_shown_nothing(alice: User) -> None:
    causality = _validate(alice, "enter_long = close < 0", causality=True)["causality"]

    assert causality["orders"] == 0
    assert "nothing to compare" in causality["detail"]


def test_a_costly_program_is_not_tried_while_somebody_waits(alice: User) -> None:
    lines = "".join(f"x{i} = cci({i + 200})\n" for i in range(300))
    total = " + ".join(f"x{i}" for i in range(300))

    code = f"{lines}enter_long = {total} > 1"
    causality = _validate(alice, code, causality=True)["causality"]

    assert causality["passed"] is None
    assert causality["prefixes"] == []
    assert "every backtest of it is checked" in causality["detail"]


def test_nothing_is_stored(alice: User) -> None:
    _validate(alice, CODE)

    assert not Strategy.objects.exists()


def test_what_may_not_be_meant_comes_as_warnings(alice: User) -> None:
    body = _validate(alice, f"{CODE}mean = sma(close, 9)\n")

    assert body["valid"] is True
    (warning,) = body["warnings"]
    assert (warning["line"], warning["code"]) == (5, "unused_name")


def test_a_program_with_problems_gets_all_of_them(alice: User) -> None:
    body = _validate(alice, "x = clsoe\nimport os\n")

    assert body["valid"] is False
    assert [d["code"] for d in body["diagnostics"]] == [
        "no_orders",
        "unknown_name",
        "import",
    ]
    assert "parameters" not in body


def test_a_program_that_is_too_long_is_a_verdict_too(alice: User) -> None:
    body = _validate(alice, "x" * 20_001)

    assert [d["code"] for d in body["diagnostics"]] == ["too_long"]


def test_a_bad_parameter_is_shown_where_it_is_declared(alice: User) -> None:
    (problem,) = _validate(alice, f"\n{CODE}", parameters={"fast": 1})["diagnostics"]

    assert problem["code"] == "too_small"
    assert (problem["line"], problem["column"]) == (2, 8)


def test_the_warm_up_of_a_higher_timeframe_depends_on_the_candles(alice: User) -> None:
    code = 'enter_long = close > htf("1d", sma(close, 10))'

    hourly = _validate(alice, code, timeframe="1h")
    daily = _validate(alice, code, timeframe="1d")
    weekly = _validate(alice, code, timeframe="1w")

    # At worst a day that has begun, ten whole days, and the last bar of the tenth.
    assert hourly["warmup_bars"] == 23 + 10 * 24 - 1
    assert daily["warmup_bars"] == 9
    (problem,) = weekly["diagnostics"]
    assert problem["code"] == "timeframe_does_not_fit"
    assert (problem["line"], problem["column"], problem["end_column"]) == (1, 22, 47)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({}, "/code"),
        ({"code": None}, "/code"),
        ({"code": 3}, "/code"),
        ({"code": CODE, "parameters": []}, "/parameters"),
        ({"code": CODE, "timeframe": "7m"}, "/timeframe"),
        ({"code": CODE, "name": "x"}, "/name"),
    ],
)
def test_bad_input_names_the_field(
    alice: User, given: dict[str, Any], pointer: str
) -> None:
    response = api_client(alice).post(URL, **as_json(given))

    assert pointers_of(response) == [pointer]


def test_nobody_gets_no_verdict(db: None) -> None:
    problem_of(api_client().post(URL, {"code": CODE}), 401)


def test_it_takes_no_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api_client(alice)

    with django_assert_num_queries(0):
        client.post(URL, **as_json({"code": CODE}))
