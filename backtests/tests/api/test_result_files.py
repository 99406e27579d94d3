"""What came out of one backtest, as CSV and as Parquet."""

import csv
import io
import json
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest
from backtests.tests.factories import backtest_in, completed, walk_series
from marketdata.models import Series

CROSS = {"library": "ma_cross", "parameters": {"fast": 3, "slow": 10}}
CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
PATHS = ("trades", "fills", "equity", "monthly", "drawdowns", "manifest", "checks")
ROWS = ("trades", "fills", "drawdowns", "checks")

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series(bars=1200)


@pytest.fixture
def done(alice: User, series: Series) -> Backtest:
    return completed(alice, series, **CROSS)


def url_of(backtest: Backtest, path: str) -> str:
    return f"/api/v1/backtests/{backtest.pk}/{path}/"


def csv_of(api: APIClient, url: str) -> list[dict[str, str]]:
    response = api.get(url, headers={"Accept": CSV})
    assert response.status_code == 200
    assert response["Content-Type"] == CSV
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def parquet_of(api: APIClient, url: str) -> pa.Table:
    response = api.get(url, headers={"Accept": PARQUET})
    assert response.status_code == 200
    assert response["Content-Type"] == PARQUET
    return parquet.read_table(pa.BufferReader(response.getvalue()))


def json_rows(api: APIClient, url: str) -> list[dict[str, Any]]:
    rows, link = [], f"{url}?limit=200" if "checks" not in url else url
    while link:
        page = api.get(link).json()
        rows += page["results"]
        link = page.get("next")
    return rows


@pytest.mark.parametrize("path", ROWS)
def test_a_csv_file_holds_every_row_as_json_has_it(
    api: APIClient, done: Backtest, path: str
) -> None:
    shown = json_rows(api, url_of(done, path))

    rows = csv_of(api, url_of(done, path))

    assert len(rows) == len(shown) > 1
    for row, expected in zip(rows, shown, strict=True):
        for name, value in row.items():
            wanted = expected[name]
            if isinstance(wanted, int | float):
                assert float(value) == wanted
            else:
                assert value == ("" if wanted is None else wanted)


@pytest.mark.parametrize("path", ROWS)
def test_a_parquet_file_holds_every_row(
    api: APIClient, done: Backtest, path: str
) -> None:
    shown = json_rows(api, url_of(done, path))

    table = parquet_of(api, url_of(done, path))

    assert table.num_rows == len(shown)
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_timestamp(column.type):
            assert column.type == pa.timestamp("ms", "UTC")
            continue
        assert column.to_pylist() == [row[name] for row in shown]


@pytest.mark.parametrize("path", ["equity", "monthly"])
def test_columns_are_the_same_in_every_form(
    api: APIClient, done: Backtest, path: str
) -> None:
    shown = api.get(url_of(done, path)).json()

    rows = csv_of(api, url_of(done, path))
    table = parquet_of(api, url_of(done, path))

    assert list(rows[0]) == table.column_names == shown["columns"]
    for name, values in zip(shown["columns"], shown["data"], strict=True):
        if name == "time":
            assert [row[name] for row in rows] == values
        else:
            assert [json.loads(row[name]) for row in rows] == values
            assert table.column(name).to_pylist() == values


def test_a_thinned_curve_is_a_file_as_well(api: APIClient, done: Backtest) -> None:
    assert len(csv_of(api, f"{url_of(done, 'equity')}?points=50&format=csv")) <= 50


def test_more_trades_than_a_page_are_in_one_file(
    api: APIClient, done: Backtest
) -> None:
    count = api.get(f"{url_of(done, 'trades')}?limit=1").json()["count"]

    assert len(csv_of(api, url_of(done, "trades"))) == count > 50


def test_a_manifest_is_a_row_for_each_value(api: APIClient, done: Backtest) -> None:
    manifest = api.get(url_of(done, "manifest")).json()

    rows = {row["key"]: row["value"] for row in csv_of(api, url_of(done, "manifest"))}

    assert json.loads(rows["data.symbol"]) == "WALK/USDT"
    assert json.loads(rows["parameters.fast"]) == 3
    assert json.loads(rows["seed"]) is None
    assert json.loads(rows["execution.fee_rate"]) == manifest["execution"]["fee_rate"]
    assert parquet_of(api, url_of(done, "manifest")).num_rows == len(rows)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
def test_the_form_can_be_named_in_the_query(
    api: APIClient, done: Backtest, path: str, form: str
) -> None:
    response = api.get(f"{url_of(done, path)}?format={form}")

    assert response.status_code == 200
    if form != "json":
        name = f"backtest-{done.pk}-{path}.{form}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("path", PATHS)
def test_a_form_that_there_is_not_is_named(
    api: APIClient, done: Backtest, path: str
) -> None:
    response = api.get(f"{url_of(done, path)}?format=xml")

    assert pointers_of(response) == ["/format"]


@pytest.mark.parametrize("path", ["trades", "fills", "drawdowns"])
@pytest.mark.parametrize("name", ["limit", "cursor"])
def test_a_file_has_no_pages(
    api: APIClient, done: Backtest, path: str, name: str
) -> None:
    response = api.get(f"{url_of(done, path)}?format=csv&{name}=5")

    assert pointers_of(response) == [f"/{name}"]


@pytest.mark.parametrize("path", PATHS)
def test_a_problem_is_one_whatever_form_was_asked_for(
    api: APIClient, alice: User, series: Series, path: str
) -> None:
    queued = backtest_in(alice, series, "queued")

    response = api.get(url_of(queued, path), headers={"Accept": CSV})

    assert problem_of(response, 409)["code"] == "not_finished"


def test_a_run_without_trades_is_a_file_without_rows(
    api: APIClient, alice: User, series: Series
) -> None:
    idle = completed(
        alice, series, execution={"allow_long": False, "allow_short": True}
    )

    assert csv_of(api, url_of(idle, "trades")) == []
    assert parquet_of(api, url_of(idle, "trades")).num_rows == 0
    assert csv_of(api, url_of(idle, "drawdowns")) == []
