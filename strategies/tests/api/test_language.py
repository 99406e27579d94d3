from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import api_client
from accounts.tests.problems import problem_of
from strategies.language.functions import FUNCTIONS

URL = "/api/v1/strategy-language/"


@pytest.fixture
def language(alice: User) -> dict[str, Any]:
    body: dict[str, Any] = api_client(alice).get(URL).json()
    return body


def test_it_names_every_function_with_its_arguments(language: dict[str, Any]) -> None:
    functions = {function["name"]: function for function in language["functions"]}

    assert functions.keys() == FUNCTIONS.keys()
    assert functions["ema"]["returns"] == "series"
    assert [a["kind"] for a in functions["ema"]["arguments"]] == ["series", "window"]
    window = functions["ema"]["arguments"][1]
    assert (window["minimum"], window["maximum"]) == (1, 5000)


def test_it_names_inputs_outputs_grammar_and_limits(language: dict[str, Any]) -> None:
    assert {"close", "hl2", "dayofweek"} < {i["name"] for i in language["inputs"]}
    assert {"enter_long", "size"} < {o["name"] for o in language["outputs"]}
    assert {c["name"] for c in language["constructs"]} == {
        "param",
        "plot",
        "require",
        "htf",
    }
    assert language["limits"]["bytes"] == 20_000
    assert language["grammar"]["history"]
    assert "1d" in language["timeframes"]


def test_nobody_sees_nothing(db: None) -> None:
    problem_of(api_client().get(URL), 401)
