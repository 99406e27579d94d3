"""What a client waits for one backtest of the sample, and what the service sustains.

Run with `.venv/bin/python bench/service.py [runs] [seconds]`; DATABASE_URL and
REDIS_URL choose the services, empty ones the embedded default in a folder of its own.
First, from POST to completed with one worker that had a moment of rest before; then,
for so many seconds, as many backtests as two workers complete, and what reading takes
meanwhile.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "botforge.settings")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="botforge-bench-"))
os.environ["THROTTLE_USER"] = os.environ["THROTTLE_AUTH"] = "1000000/min"
os.environ["BACKTESTS_MAX_DAILY_COST"] = "0"
# As on a server: debugging records every query.
os.environ |= {"DEBUG": "False", "SECRET_KEY": secrets.token_urlsafe(50)}
os.environ["ALLOWED_HOSTS"] = "127.0.0.1"

import django  # noqa: E402 - the environment comes first

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from rich.console import Console  # noqa: E402

from backtests.demo.client import Client  # noqa: E402
from backtests.models import Backtest  # noqa: E402
from botforge.embedded.paths import redis_socket  # noqa: E402
from botforge.embedded.processes import free_port, running_service  # noqa: E402
from botforge.embedded.redis_server import running_redis  # noqa: E402
from marketdata import sample  # noqa: E402

write = Console(highlight=False).print
REST_SECONDS = 0.3
WINDOWS = {"10,000 bars": "2023-03-01T00:00:00Z", "58,419 bars": None}


def wait_ms(client: Client, series: int, start: str | None) -> tuple[float, int]:
    """Return the milliseconds from POST to completed, and those in the worker."""
    window = {} if start is None else {"start": start}
    # Known results are answered without a run.
    request = {"library": "ma_cross", "series": series, "cache": "refresh", **window}
    time.sleep(REST_SECONDS)
    began = time.perf_counter()
    backtest = client.call("POST", "backtests/", request)
    while backtest["status"] not in ("completed", "failed"):
        time.sleep(0.002)
        backtest = client.call("GET", f"backtests/{backtest['id']}/")
    if backtest["status"] == "failed":
        raise SystemExit(f"The backtest failed: {backtest['error']}")
    return (time.perf_counter() - began) * 1000, backtest["duration_ms"]


def completed_count() -> int:
    return Backtest.objects.filter(status=Backtest.Status.COMPLETED).count()


def keep_busy(client: Client, series: int) -> None:
    """Let there always be some backtests in the queue, and not too many."""
    if Backtest.objects.filter(status__in=Backtest.ACTIVE).count() < 20:
        start = WINDOWS["10,000 bars"]
        one = {"library": "ma_cross", "series": series, "start": start}
        many = [{**one, "cache": "refresh"} for _ in range(20)]
        client.call("POST", "backtests/bulk/", {"backtests": many})


def sustain(client: Client, series: int, seconds: float) -> None:
    """Print the backtests per second, and the p95 of each read under that load."""
    newest = client.call("GET", "backtests/?status=completed&limit=1")["results"][0]
    url = f"backtests/{newest['id']}/"
    reads = {"list": "backtests/", "detail": url, "equity": f"{url}equity/?points=500"}
    times: dict[str, list[float]] = {name: [] for name in reads}
    keep_busy(client, series)
    before, began = completed_count(), time.perf_counter()
    while time.perf_counter() < began + seconds:
        keep_busy(client, series)
        for name, path in reads.items():
            asked = time.perf_counter()
            client.call("GET", path)
            times[name].append((time.perf_counter() - asked) * 1000)
        time.sleep(0.05)
    rate = (completed_count() - before) / (time.perf_counter() - began)
    write(f"two workers  {rate:.1f} backtests of 10,000 bars a second, {seconds:.0f} s")
    for name, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        write(f"{name:<12} median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    with ExitStack() as stack:
        if str(redis_socket(settings.VAR_DIR)) in settings.REDIS_URL:
            stack.enter_context(running_redis(settings.VAR_DIR))
        call_command("migrate", verbosity=0)
        call_command(
            "import_candles",
            str(sample.PATH),
            symbol=sample.SYMBOL,
            timeframe=sample.TIMEFRAME,
            source=sample.SOURCE,
        )
        log = settings.VAR_DIR / "log"
        service = stack.enter_context(
            running_service(port=free_port(), var_dir=settings.VAR_DIR, log_dir=log)
        )
        service.wait_until_ready()
        client = stack.enter_context(Client(service.url))
        client.register(f"bench-{time.time_ns()}@example.org", "a long enough one")
        series = client.call("GET", "series/")["results"][0]["id"]
        write(f"{connection.vendor}, {runs} runs each, one worker")
        for title, start in WINDOWS.items():
            times = [wait_ms(client, series, start) for _ in range(runs)]
            waits, inside = zip(*times[2:], strict=True)
            p95 = statistics.quantiles(waits, n=20)[-1]
            write(
                f"{title:<12} median {statistics.median(waits):.0f} ms, "
                f"p95 {p95:.0f} ms, of it in the worker {statistics.median(inside):.0f}"
            )
        service.start("worker-2", "manage.py", "rqworker", "backtests")
        time.sleep(20)  # Until it is warm, too.
        sustain(client, series, seconds)


if __name__ == "__main__":
    main()
