"""From a request to an answer, on candles small enough to compute by hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient
from rq import Queue

from accounts.tests.factories import api_client, user_create
from backtests.tests.factories import FREE, bars_of, candles_add, day, series_of
from backtests.tests.queues import empty_queue, work_off
from marketdata.models import Series

URL = "/api/v1/backtests/"
COSTS = {"initial_capital": 1_000.0, "fee_rate": 0.01, "slippage": 0.02}
# (open, close) of each day; its averages are written out in the first test to use it.
CROSSING = (
    (10.0, 10.0),
    (10.0, 9.0),
    (9.0, 8.0),
    (8.0, 11.0),
    (11.5, 12.0),
    (12.0, 8.0),
    (7.5, 6.0),
    (6.0, 6.5),
)
CROSS = {"library": "ma_cross", "parameters": {"fast": 2, "slow": 3}}

pytestmark = pytest.mark.django_db

type Run = Callable[..., dict[str, Any]]


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


@pytest.fixture
def api() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def run(
    api: APIClient,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Run:
    """Submit, let a worker run it, and return the backtest with its tables."""

    def submit(series: Series, **request: Any) -> dict[str, Any]:
        with django_capture_on_commit_callbacks(execute=True):
            answer = api.post(URL, {"series": series.pk, **request})
        assert answer.status_code == 202, answer.content
        work_off(queue)
        url = answer["Location"]
        tables = {
            name: api.get(f"{url}{name}/").json()
            for name in ("trades", "fills", "equity", "manifest")
        }
        return {**api.get(url).json(), **tables}

    return submit


def equity_of(backtest: dict[str, Any]) -> list[float]:
    assert backtest["equity"]["columns"][:2] == ["time", "equity"]
    values: list[float] = backtest["equity"]["data"][1]
    return values


def test_buy_and_hold_buys_at_the_second_open_and_keeps_it(run: Run) -> None:
    series = series_of((100.0, 101.0), (102.0, 110.0), (111.0, 121.0), (120.0, 90.0))

    done = run(series, library="buy_and_hold", execution=COSTS)

    price = 102 * (1 + 0.02)  # the open after the first close, and the slippage
    size = 1_000 / (price * (1 + 0.01))  # what the money buys with its fee
    fee = 0.01 * size * price
    assert done["status"] == "completed"
    assert equity_of(done) == pytest.approx(
        [1_000, size * 110, size * 121, size * 90], rel=1e-12
    )
    assert done["fills"]["results"] == [
        {
            "time": "2024-01-02T00:00:00Z",
            "side": "buy",
            "size": pytest.approx(size, rel=1e-12),
            "price": pytest.approx(price, rel=1e-12),
            "fee": pytest.approx(fee, rel=1e-12),
            "reason": "entry",
        }
    ]
    assert done["trades"]["results"] == []
    open_trade = done["trades"]["open_trade"]
    assert open_trade["pnl"] == pytest.approx(size * (90 - price) - fee, rel=1e-12)
    assert open_trade["exit_reason"] == "open"
    metrics = done["metrics"]
    assert metrics["final_equity"] == pytest.approx(size * 90, rel=1e-12)
    assert metrics["total_return"] == pytest.approx(size * 90 / 1_000 - 1, rel=1e-12)
    assert metrics["max_drawdown"] == pytest.approx(90 / 121 - 1, rel=1e-12)
    assert metrics["fees_paid"] == pytest.approx(fee, rel=1e-12)
    assert metrics["trades"] == 0
    assert metrics["win_rate"] is None


def test_buy_and_hold_pays_the_default_costs(run: Run) -> None:
    series = series_of((100.0, 100.0), (100.0, 100.0), (100.0, 200.0))

    done = run(series, library="buy_and_hold")

    units = 10_000 / (100 * 1.0005 * 1.001)
    assert equity_of(done) == pytest.approx([10_000, units * 100, units * 200])


def test_an_average_cross_enters_and_leaves_at_the_open_after_the_cross(
    run: Run,
) -> None:
    done = run(series_of(*CROSSING), **CROSS, execution=COSTS)

    # closes        10   9    8    11    12    8     6     6.5
    # mean of 2      -   9.5  8.5   9.5  11.5  10     7     6.25
    # mean of 3      -   -    9     9.33 10.33 10.33  8.67  6.83
    # so above at the close of day 3, and below at that of day 5.
    bought, sold = 11.5 * 1.02, 7.5 * 0.98
    size = 1_000 / (bought * 1.01)
    fees = 0.01 * size * bought + 0.01 * size * sold
    cash = size * sold * 0.99
    assert equity_of(done) == pytest.approx(
        [1_000, 1_000, 1_000, 1_000, size * 12, size * 8, cash, cash], rel=1e-12
    )
    assert done["trades"]["count"] == 1
    assert done["trades"]["results"][0] == {
        "side": "long",
        "size": pytest.approx(size, rel=1e-12),
        "entry_time": "2024-01-05T00:00:00Z",
        "exit_time": "2024-01-07T00:00:00Z",
        "entry_price": pytest.approx(bought, rel=1e-12),
        "exit_price": pytest.approx(sold, rel=1e-12),
        "pnl": pytest.approx(cash - 1_000, rel=1e-12),
        "return": pytest.approx((cash - 1_000) / (size * bought), rel=1e-12),
        "fees": pytest.approx(fees, rel=1e-12),
        "funding": 0.0,
        "bars_held": 2,
        "mae": pytest.approx(7.5 * 0.98 / bought - 1, rel=1e-12),
        "mfe": pytest.approx(12 / bought - 1, rel=1e-12),
        "exit_reason": "signal",
    }
    assert done["trades"]["open_trade"] is None
    assert [fill["side"] for fill in done["fills"]["results"]] == ["buy", "sell"]
    assert done["metrics"]["trades"] == 1
    assert done["metrics"]["win_rate"] == 0


def test_with_short_positions_the_cross_down_reverses(run: Run) -> None:
    rules = {**FREE, "initial_capital": 1_150.0, "allow_short": True}

    done = run(series_of(*CROSSING), **CROSS, execution=rules)

    # 1150 / 11.5 = 100 units long from day 4, 750 / 7.5 = 100 units short from day 6
    assert equity_of(done) == pytest.approx(
        [1_150] * 4 + [1_200, 800, 750 + 100 * 1.5, 750 + 100 * 1.0]
    )
    assert done["trades"]["open_trade"]["side"] == "short"


def test_the_window_decides_from_its_first_bar_and_orders_nothing_before(
    run: Run,
) -> None:
    series = series_of(*CROSSING)

    from_the_cross = run(series, **CROSS, start=day(3).isoformat(), execution={**FREE})
    after_the_cross = run(series, **CROSS, start=day(4).isoformat(), execution={**FREE})

    # The candles before the window feed the averages, so day 3 can decide at once ...
    assert from_the_cross["bars"] == 5
    assert equity_of(from_the_cross) == pytest.approx(
        [10_000, 10_000 * 12 / 11.5, 10_000 * 8 / 11.5] + [10_000 * 7.5 / 11.5] * 2
    )
    assert from_the_cross["manifest"]["data"]["warmup_bars"] == 3
    # ... but a cross before the window is none of its business.
    assert after_the_cross["bars"] == 4
    assert equity_of(after_the_cross) == [10_000] * 4
    assert after_the_cross["fills"]["results"] == []


def test_candles_that_come_later_change_nothing(run: Run) -> None:
    series = series_of(*CROSSING[:7])
    window = {"start": day(1).isoformat(), "end": day(7).isoformat()}
    before = run(series, **CROSS, **window)

    later = [(6.5 + number, 50.0 * number) for number in range(1, 20)]
    candles_add(series, bars_of(later, step=series.step, first=day(7)))
    after = run(series, **CROSS, **window)

    assert after["manifest"]["data"].pop("revision") == 2
    assert before["manifest"]["data"].pop("revision") == 1
    for same in ("metrics", "trades", "fills", "equity", "manifest", "bars"):
        assert after[same] == before[same], same


def test_the_same_request_gives_the_same_bits(run: Run) -> None:
    series = series_of(*CROSSING)

    anew = {**CROSS, "execution": COSTS, "cache": "refresh"}
    first, second = (run(series, **anew) for _ in range(2))

    for same in ("metrics", "trades", "fills", "equity", "manifest"):
        assert first[same] == second[same], same
