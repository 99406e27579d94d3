from typing import Any
from unittest.mock import patch

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client
from accounts.tests.problems import pointers_of, problem_of
from strategies.api.views import StrategyViewSet
from strategies.models import Strategy
from strategies.services import strategy_delete, strategy_update
from strategies.tests.factories import CODE, other_code, strategy_of

# Of revision 1: another, none, weak, or not as it is written in the answer.
STALE_TAGS = [
    *('"2"', '"0"', 'W/"1"', "1", "", '"x"', f'"{9**99}"'),
    *('"01"', '"1 "', '"+1"', '"1.0"', '*, "1"', '"1", *', '"1" "1"', '"1",', "'1'"),
]
NEW, MINE, THEIRS = other_code(1), other_code(2), other_code(3)


@pytest.fixture
def strategy(alice: User) -> Strategy:
    return strategy_of(alice)


def _url(strategy: Strategy) -> str:
    return f"/api/v1/strategies/{strategy.pk}/"


def test_changed_code_is_a_new_version(alice: User, strategy: Strategy) -> None:
    response = api_client(alice).patch(_url(strategy), {"code": NEW})

    assert response.status_code == 200
    assert response.json()["version"] == 2
    assert response.json()["code"] == NEW
    assert [v.code for v in strategy.versions.order_by("number")] == [CODE, NEW]


def test_unchanged_code_is_no_new_version(alice: User, strategy: Strategy) -> None:
    response = api_client(alice).patch(_url(strategy), {"name": "New", "code": CODE})

    assert response.json()["version"] == 1
    assert response.json()["name"] == "New"
    assert strategy.versions.count() == 1


def test_old_code_that_comes_back_is_a_new_version(
    alice: User, strategy: Strategy
) -> None:
    client = api_client(alice)

    client.patch(_url(strategy), {"code": NEW})

    assert client.patch(_url(strategy), {"code": CODE}).json()["version"] == 3


def test_only_what_is_given_changes(alice: User, strategy: Strategy) -> None:
    before = api_client(alice).get(_url(strategy)).json()

    after = api_client(alice).patch(_url(strategy), {"parameters": {"fast": 30}}).json()

    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"parameters", "updated_at"}


def test_put_replaces_everything(alice: User, strategy: Strategy) -> None:
    client = api_client(alice)
    client.patch(_url(strategy), {"description": "Old", "parameters": {"fast": 30}})

    body = client.put(_url(strategy), {"name": "New", "code": NEW}).json()

    assert (body["name"], body["code"], body["version"]) == ("New", NEW, 2)
    assert (body["description"], body["parameters"]) == ("", {})


def test_put_needs_every_field(alice: User, strategy: Strategy) -> None:
    response = api_client(alice).put(_url(strategy), {"name": "New"})

    assert pointers_of(response) == ["/code"]


@pytest.mark.parametrize(
    "change", [{"name": "New"}, {"code": NEW}, {"parameters": {"fast": 30}}]
)
def test_every_change_gives_another_etag(
    alice: User, strategy: Strategy, change: dict[str, Any]
) -> None:
    client = api_client(alice)

    response = client.patch(_url(strategy), change)

    assert response["ETag"] != '"1"'
    assert response["ETag"] == client.get(_url(strategy))["ETag"]


@pytest.mark.parametrize(
    "change", [{}, {"name": "Cross"}, {"code": CODE, "parameters": {}}]
)
def test_what_changes_nothing_keeps_the_etag(
    alice: User,
    strategy: Strategy,
    change: dict[str, Any],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = api_client(alice)
    before = client.get(_url(strategy))

    with django_assert_num_queries(1):
        after = client.patch(_url(strategy), change, HTTP_IF_MATCH='"1"')

    assert after.json() == before.json()
    assert after["ETag"] == '"1"'
    problem_of(client.patch(_url(strategy), change, HTTP_IF_MATCH='"2"'), 412)


def test_a_value_of_another_type_is_a_change(alice: User) -> None:
    code = f'stop_loss = param("stop", 2.0)\n{CODE}'
    strategy = strategy_of(alice, code=code)
    client = api_client(alice)

    client.patch(_url(strategy), {"parameters": {"stop": 3}})
    response = client.patch(_url(strategy), {"parameters": {"stop": 3.0}})

    assert response["ETag"] == '"3"'


@pytest.mark.parametrize("tag", ['"1"', "*", '"7", "1"'])
def test_a_fresh_if_match_is_honoured(
    alice: User, strategy: Strategy, tag: str
) -> None:
    response = api_client(alice).patch(
        _url(strategy), {"name": "New"}, HTTP_IF_MATCH=tag
    )

    assert response.status_code == 200


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
@pytest.mark.parametrize("tag", STALE_TAGS)
def test_a_stale_if_match_changes_nothing(
    alice: User, strategy: Strategy, method: str, tag: str
) -> None:
    change = {"name": "New", "code": NEW}

    response = getattr(api_client(alice), method)(
        _url(strategy), change, HTTP_IF_MATCH=tag
    )

    assert problem_of(response, 412)["code"] == "precondition_failed"
    strategy.refresh_from_db()
    assert (strategy.name, strategy.version, strategy.revision) == ("Cross", 1, 1)


def test_a_change_between_reading_and_writing_is_noticed(
    alice: User, strategy: Strategy
) -> None:
    def then_somebody_writes(view: StrategyViewSet) -> Strategy:
        strategy_update(strategy=strategy, fields={"code": THEIRS})
        return strategy  # as it was read before

    with patch.object(StrategyViewSet, "get_object", then_somebody_writes):
        response = api_client(alice).patch(
            _url(strategy), {"code": MINE}, HTTP_IF_MATCH='"1"'
        )

    problem_of(response, 412)
    assert [v.code for v in strategy.versions.all()] == [THEIRS, CODE]


def test_without_if_match_the_last_writer_wins_and_no_version_is_lost(
    alice: User, strategy: Strategy
) -> None:
    def then_somebody_writes(view: StrategyViewSet) -> Strategy:
        strategy_update(strategy=strategy, fields={"code": THEIRS, "name": "Theirs"})
        return strategy

    with patch.object(StrategyViewSet, "get_object", then_somebody_writes):
        response = api_client(alice).patch(_url(strategy), {"code": MINE})

    assert response.json()["version"] == 3
    assert response.json()["name"] == "Theirs"
    assert [v.code for v in strategy.versions.all()] == [MINE, THEIRS, CODE]


def test_a_deletion_between_reading_and_writing_is_noticed(
    alice: User, strategy: Strategy
) -> None:
    def then_somebody_deletes(view: StrategyViewSet) -> Strategy:
        strategy_delete(strategy=Strategy.objects.get(pk=strategy.pk))
        return strategy

    with patch.object(StrategyViewSet, "get_object", then_somebody_deletes):
        response = api_client(alice).patch(_url(strategy), {"code": MINE})

    problem_of(response, 404)


def test_a_name_that_is_taken_changes_nothing(alice: User, strategy: Strategy) -> None:
    strategy_of(alice, name="Taken")

    response = api_client(alice).patch(_url(strategy), {"name": "Taken", "code": NEW})

    assert pointers_of(response) == ["/name"]
    assert strategy.versions.count() == 1


def test_a_name_that_is_taken_hides_no_parameter_that_does_not_fit(
    alice: User, strategy: Strategy
) -> None:
    strategy_of(alice, name="Taken")

    change = {"name": "Taken", "parameters": {"fast": 0}}
    response = api_client(alice).patch(_url(strategy), change)

    assert pointers_of(response) == ["/name", "/parameters/fast"]
    strategy.refresh_from_db()
    assert (strategy.name, strategy.revision) == ("Cross", 1)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"code": "x" * 20_001}, "/code"),
        ({"parameters": {"a": {}}}, "/parameters/a"),
        ({"version": 1}, "/version"),
    ],
)
def test_bad_input_names_the_field(
    alice: User, strategy: Strategy, change: dict[str, Any], pointer: str
) -> None:
    assert pointers_of(api_client(alice).patch(_url(strategy), change)) == [pointer]


@pytest.mark.parametrize(
    "change", [{"parameters": {"fast": 0}}, {"code": f"x = clsoe\n{NEW}"}]
)
def test_what_is_stored_is_part_of_what_is_checked(
    alice: User, strategy: Strategy, change: dict[str, Any]
) -> None:
    response = api_client(alice).patch(_url(strategy), {"name": "", **change})

    problem = problem_of(response, 400)
    assert len(problem["diagnostics"]) == 1
    assert "/name" in pointers_of(response)


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_stranger_gets_404_and_nobody_401(
    charlie: User, strategy: Strategy, method: str
) -> None:
    change = {"name": "New", "code": NEW}

    problem_of(getattr(api_client(charlie), method)(_url(strategy), change), 404)
    problem_of(getattr(api_client(), method)(_url(strategy), change), 401)

    strategy.refresh_from_db()
    assert strategy.name == "Cross"


def test_it_takes_few_queries(
    alice: User, strategy: Strategy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api_client(alice)

    with django_assert_num_queries(5):  # read; in a transaction (2): write, read
        client.patch(_url(strategy), {"name": "New"})
    with django_assert_num_queries(6):  # and: the code
        client.patch(_url(strategy), {"parameters": {"fast": 30}})
    with django_assert_num_queries(8):  # and: the old code, the new, its number
        client.patch(_url(strategy), {"code": NEW, "parameters": {}})
