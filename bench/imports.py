"""1,000,000 rows of CSV through `import_candles`: how long, and how much memory.

Run with `.venv/bin/python bench/imports.py [runs]` on a quiet machine. Each import is a
process of its own, as an operator would start it, into a scratch SQLite database.
"""
# ruff: noqa: T201, S603 - a benchmark prints, and starts itself

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.candles import MINUTE_MS, columns  # noqa: E402 - the path comes first

ROWS = 1_000_000
START = datetime(2022, 1, 1, tzinfo=UTC)
IMPORT = """
import json, resource, sys, time
import django
django.setup()
from django.core.management import call_command
began = time.perf_counter()
call_command("import_candles", *sys.argv[1:], stdout=open("/dev/null", "w"))
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, peak]))
"""


def rows(rows: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the minute and the values of each row, rounded as exchanges round."""
    market = columns(rows)
    begin = int(START.timestamp() * 1000)
    values = [
        market[name].round(5).tolist()
        for name in ("open", "high", "low", "close", "volume")
    ]
    for minute, row in enumerate(zip(*values, strict=True)):
        yield begin + minute * MINUTE_MS, [repr(value) for value in row]


def milliseconds(folder: Path, count: int) -> Path:
    path = folder / "ms.csv"
    lines = (f"{t},{','.join(v)}\n" for t, v in rows(count))
    with path.open("w") as file:
        file.write("timestamp,open,high,low,close,volume\n")
        file.writelines(lines)
    return path


def written_dates(folder: Path, count: int) -> Path:
    path = folder / "dates.csv"
    with path.open("w") as file:
        file.write("date,open,high,low,close,volume\n")
        for t, v in rows(count):
            moment = datetime.fromtimestamp(t / 1000, UTC)
            file.write(f"{moment:%Y-%m-%d %H:%M:%S},{','.join(v)}\n")
    return path


def packed(folder: Path, count: int) -> Path:
    path = folder / "ms.csv.gz"
    path.write_bytes(gzip.compress(milliseconds(folder, count).read_bytes(), 6))
    return path


def arrays(folder: Path, count: int) -> Path:
    path = folder / "BTC_USDT-1m.json"
    content = ",".join(f"[{t},{','.join(v)}]" for t, v in rows(count))
    path.write_text(f"[{content}]")
    return path


def measure(path: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds and the megabytes of one import into an empty database."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    flush = [*manage, "flush", "-v0", "--no-input"]
    subprocess.run(flush, env=environment, check=True)
    names = ["--source", "bench", "--symbol", "WALK"]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(path), *names],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    kinds: dict[str, Callable[[Path, int], Path]] = {
        "CSV, milliseconds": milliseconds,
        "CSV, written dates": written_dates,
        "CSV, packed": packed,
        "JSON arrays": arrays,
    }
    with tempfile.TemporaryDirectory(prefix="botforge-bench-") as scratch:
        folder = Path(scratch)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "botforge.settings",
            "VAR_DIR": scratch,
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        }
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"],
            env=environment,
            check=True,
        )
        for title, make in kinds.items():
            path = make(folder, ROWS)
            measured = [measure(path, environment) for _ in range(runs)]
            seconds = [one[0] for one in measured]
            print(
                f"{title:20} {statistics.median(seconds):5.2f} s "
                f"({min(seconds):.2f} to {max(seconds):.2f}, {runs} runs), "
                f"{max(one[1] for one in measured):.0f} MB at most, "
                f"{path.stat().st_size / 1e6:.0f} MB file"
            )
            path.unlink()


if __name__ == "__main__":
    main()
