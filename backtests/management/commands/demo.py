"""The whole path once, as a client sees it: candles in, a backtest result out."""

import secrets
import time
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from backtests.demo.client import Client, DemoFailed
from backtests.demo.report import (
    print_curve,
    print_metrics,
    print_period,
    print_trades,
)
from botforge.embedded.processes import (
    StartFailed,
    ended_by_signal,
    free_port,
    running_service,
)
from botforge.embedded.redis_server import RedisUnavailable, running_redis
from marketdata import sample

RUNS: dict[str, dict[str, Any]] = {
    "MA cross 50/200": {
        "library": "ma_cross",
        "parameters": {"fast": 50, "slow": 200},
    },
    "Buy and hold": {"library": "buy_and_hold"},
}
LAST_TRADES = 5
NEXT = """
Where to look next
  make run                  serve until Ctrl-C: API docs, admin, these results
  [dim]sign in as[/]  {email}  [dim]with[/]  {password}
  README.md                 what else there is
"""


class Command(BaseCommand):
    help = "Import the bundled candles, serve, and run two backtests over HTTP."
    # Its children do the checks that matter; here they would only cost a second.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        began = time.monotonic()
        try:
            with ExitStack() as stack:
                stack.enter_context(ended_by_signal())
                stack.enter_context(running_redis(settings.VAR_DIR))
                call_command("migrate", verbosity=0)
                service = stack.enter_context(
                    running_service(
                        port=free_port(),
                        var_dir=settings.VAR_DIR,
                        log_dir=settings.VAR_DIR / "log",
                    )
                )
                console.print("Starting; the first time the engine is compiled")
                self._import()
                service.wait_until_ready()
                console.print(f"Web server and worker answer at {service.url}")
                act_as_client(console, service.url)
        except (DemoFailed, StartFailed, RedisUnavailable) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped.") from error
        console.print(f"[dim]The demo took {time.monotonic() - began:.1f} s.[/]")

    def _import(self) -> None:
        call_command(
            "import_candles",
            str(sample.PATH),
            symbol=sample.SYMBOL,
            timeframe=sample.TIMEFRAME,
            source=sample.SOURCE,
            stdout=self.stdout,
        )


def act_as_client(console: Console, url: str) -> None:
    """Register, list the series, submit two backtests, poll, and print the result."""
    email = f"demo-{secrets.token_hex(4)}@example.org"
    password = secrets.token_urlsafe(12)
    with Client(url) as client:
        client.register(email, password)
        console.print(f"Registered {email} and got a token")
        listed = client.call("GET", f"series/?symbol={sample.SYMBOL}&timeframe=1h")
        series = listed["results"][0]["id"]
        runs = {
            title: client.backtest(series=series, name=title, **run)
            for title, run in RUNS.items()
        }
        first = next(iter(runs.values()))
        print_period(console, first)
        print_metrics(console, runs)
        console.print()
        for title, run in runs.items():
            path = f"backtests/{run['id']}/equity/?points=60"
            print_curve(console, title, client.call("GET", path))
        total = client.call("GET", f"backtests/{first['id']}/trades/?limit=1")["count"]
        skip = max(0, total - LAST_TRADES)
        path = f"backtests/{first['id']}/trades/?limit={LAST_TRADES}&cursor={skip}"
        console.print(f"\nThe last {LAST_TRADES} of {total} trades")
        print_trades(console, client.call("GET", path)["results"])
    console.print(NEXT.format(email=email, password=password))
