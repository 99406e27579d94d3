"""A client that a stock generator makes from the document does a day's work."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from backtests.tests.clients.serving import both_workers
from botforge.tests.contract import contract

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

PACKAGE = "botforge_client"
# Averages of 2 and 3 closes cross upwards at the fourth close and downwards at the
# eighth: in at the fifth open, 12, and out at the ninth, 11.5.
CLOSES = (10, 10, 10, 12, 14, 16, 14, 12, 10, 8)
OPENS = (10, 10, 10, 10, 12, 14, 16, 14, 11.5, 10)


@pytest.fixture(scope="module", autouse=True)
def _workers(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    with both_workers(tmp_path_factory.mktemp("workers")):
        yield


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the client; a warning means that a part of it is missing."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "document.json").write_text(json.dumps(contract().document))
    (folder / "config.json").write_text(json.dumps({"post_hooks": []}))
    options = {
        "--path": "document.json",
        "--config": "config.json",
        "--output-path": PACKAGE,
        "--meta": "none",
    }
    arguments = [part for option in options.items() for part in option]
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", *arguments]
        + ["--fail-on-warning"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Generated:
    """The generated package, by the names of the document."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = import_module(PACKAGE).Client(base_url=url)

    def sign_in(self, token: str) -> None:
        client = import_module(PACKAGE).AuthenticatedClient
        self.client = client(base_url=self.url, token=token)

    def __getattr__(self, model: str) -> Any:
        return getattr(import_module(f"{PACKAGE}.models"), model)

    def call(self, operation: str, *path: object, **given: Any) -> Any:
        """Return what the operation answers, as an object of the generated class."""
        module = import_module(f"{PACKAGE}.api.{operation}")
        answer = module.sync_detailed(*path, client=self.client, **given)
        assert answer.parsed is not None, answer
        return answer.parsed

    def finished(self, operation: str, number: int) -> Any:
        deadline = time.monotonic() + 60
        while (job := self.call(operation, number)).status in ("queued", "running"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return job


@pytest.fixture
def api(
    live_server: LiveServer, package: Path, monkeypatch: pytest.MonkeyPatch
) -> Generated:
    monkeypatch.syspath_prepend(str(package))
    return Generated(str(live_server.url))


def csv() -> BytesIO:
    rows = ["time,open,high,low,close,volume"]
    for number, (first, last) in enumerate(zip(OPENS, CLOSES, strict=True), start=1):
        high, low = max(first, last), min(first, last)
        rows.append(f"2024-01-{number:02}T00:00:00Z,{first},{high},{low},{last},1")
    return BytesIO("\n".join(rows).encode())


def test_it_registers_imports_submits_polls_and_reads_trades(api: Generated) -> None:
    email, password = "me@example.org", "a long enough one"
    user = api.call(
        "accounts.register",
        body=api.RegistrationRequest(email=email, password=password),
    )
    tokens = api.call(
        "accounts.sign_in", body=api.CredentialsRequest(email=email, password=password)
    )
    api.sign_in(tokens.access)
    assert api.call("accounts.get_me").id == user.id

    file = import_module(f"{PACKAGE}.types").File(csv(), "toy.csv", "text/csv")
    upload = api.UploadRequest(
        file=file, symbol="TOY/USDT", timeframe=api.TimeframeEnum("1d")
    )
    job = api.call("market_data.create_import", body=upload)
    job = api.finished("market_data.get_import", job.id)
    assert (job.status, job.result.new) == ("completed", 10)

    given = api.BacktestCreateRequest(
        library="ma_cross",
        parameters=api.BacktestCreateRequestParameters.from_dict(
            {"fast": 2, "slow": 3}
        ),
        series=job.series,
        execution=api.ExecutionRequest(fee_rate=0.0, slippage=0.0),
    )
    backtest = api.call("backtests.create_backtest", body=given)
    backtest = api.finished("backtests.get_backtest", backtest.id)
    assert backtest.status == "completed"
    # All of 10,000 is invested at 12 and comes out at 11.5.
    assert backtest.metrics.final_equity == pytest.approx(10_000 * 11.5 / 12)

    page = api.call("backtests.get_backtest_trades", backtest.id)
    (trade,) = page.results
    assert page.count == 1
    assert trade.side == "long"
    assert (trade.entry_price, trade.exit_price) == (12, 11.5)
    assert trade.entry_time.isoformat() == "2024-01-05T00:00:00+00:00"
    assert trade.exit_time.isoformat() == "2024-01-09T00:00:00+00:00"
    assert trade.return_ == pytest.approx(-0.5 / 12)


def test_a_problem_is_an_object_with_the_field_that_is_wrong(api: Generated) -> None:
    wrong = api.RegistrationRequest(email="nobody", password="a long enough one")

    problem = api.call("accounts.register", body=wrong)

    assert (problem.status, problem.code) == (400, "invalid")
    assert [error.pointer for error in problem.errors] == ["/email"]


def test_without_a_token_it_is_told_so(api: Generated) -> None:
    api.sign_in("nonsense")

    assert api.call("backtests.list_backtests").code == "token_not_valid"
