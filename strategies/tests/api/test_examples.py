"""The examples of the OpenAPI document are what the service answers."""

from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import api_client, as_json
from strategies.api.examples import BUY_AND_HOLD, EXAMPLES, HISTORY
from strategies.tests.factories import strategy_of

URL = "/api/v1/strategies/"
# What no two answers share.
OWN = ("id", "created_at", "updated_at", "source_hash")


def _shown(answer: Any) -> Any:
    """Return the answer without what is another one each time."""
    if isinstance(answer, dict):
        return {k: _shown(v) for k, v in answer.items() if k not in OWN}
    if isinstance(answer, list):
        return [_shown(v) for v in answer]
    return answer


def test_strategies_are_created_listed_and_changed_as_shown(alice: User) -> None:
    client = api_client(alice)
    create, update = EXAMPLES["create_strategy"], EXAMPLES["update_strategy"]

    created = client.post(URL, **as_json(create.request)).json()
    path = f"{URL}{created['id']}/"
    listed = client.get(URL).json()
    replaced = client.put(path, **as_json(EXAMPLES["replace_strategy"].request)).json()
    updated = client.patch(path, **as_json(update.request)).json()

    assert _shown(created) == _shown(create.response)
    assert _shown(listed) == _shown(EXAMPLES["list_strategies"].response)
    assert _shown(replaced) == _shown(EXAMPLES["replace_strategy"].response)
    assert _shown(updated) == _shown(update.response)


def test_the_history_is_as_shown(alice: User) -> None:
    new, old = HISTORY["results"]
    strategy = strategy_of(alice, code=old["code"])
    client, path = api_client(alice), f"{URL}{strategy.pk}/"

    client.patch(path, **as_json({"code": new["code"]}))
    history = client.get(f"{path}versions/", {"diff": 1}).json()

    assert _shown(history) == _shown(HISTORY)


def test_a_verdict_is_as_shown(alice: User) -> None:
    example = EXAMPLES["validate_strategy"]
    good, bad = example.requests.values()
    client = api_client(alice)

    assert client.post(f"{URL}validate/", **as_json(good)).json() == example.response
    verdict = client.post(f"{URL}validate/", **as_json(bad)).json()
    assert verdict["diagnostics"][0]["suggestion"] == "crossover"


@pytest.mark.parametrize("part", ["functions", "constructs", "inputs", "outputs"])
def test_what_is_shown_of_the_language_is_part_of_it(alice: User, part: str) -> None:
    language = api_client(alice).get("/api/v1/strategy-language/").json()
    shown = EXAMPLES["get_strategy_language"].response

    assert all(entry in language[part] for entry in shown[part])
    assert shown["grammar"].items() <= language["grammar"].items()
    assert shown["limits"].items() <= language["limits"].items()
    assert set(shown["timeframes"]) <= set(language["timeframes"])


def test_what_is_shown_of_the_library_is_part_of_it(alice: User) -> None:
    real = api_client(alice).get("/api/v1/strategy-library/buy_and_hold/").json()
    shown = dict(BUY_AND_HOLD)

    beginning = str(shown.pop("documentation")).partition("...")[0]
    assert real.pop("documentation").startswith(beginning)
    assert real == shown
