"""Run every benchmark and print a table: ``python -m bench.run --peers PYTHON``.

Each engine works in a process of its own, one after the other, so that what else the
machine does falls on all of them alike. Only the ratios of one run mean anything.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SINGLE = 1_000_000
SWEEP = 20_000
PAIRS = 1225


def run(python: str, *arguments: str) -> dict[str, Any]:
    """Return what the benchmark process printed last."""
    done = subprocess.run(  # noqa: S603  our own scripts, our own arguments
        [python, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["median"] = statistics.median(found["seconds"])
    return found


def ours(work: str, bars: int) -> dict[str, Any]:
    return run(sys.executable, "-m", "bench.ours", work, str(bars))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def compare(peers: str, work: str, bars: int) -> None:
    mine, theirs = (
        ours(work, bars),
        run(peers, "bench/peer_vectorbt.py", work, str(bars)),
    )
    ratio = theirs["median"] / mine["median"]
    say(
        f"{work:6} ours {mine['median'] * 1e3:8.1f} ms {mine['peak_mb']:6.0f} MB"
        f"   vectorbt+rust {theirs['median'] * 1e3:9.1f} ms {theirs['peak_mb']:6.0f} MB"
        f"   {ratio:6.1f}x   {mine['outcome']} {theirs['outcome']}"
    )
    if work == "sweep":
        each = mine["median"] / (bars * PAIRS) * 1e9
        say(f"       {each:.2f} ns per bar and combination")
        text = ours("text", bars)
        ratio = theirs["median"] / text["median"]
        say(f"       as a text of the language {text['median'] * 1e3:.1f} ms")
        say(f"       {ratio:.1f}x   {text['outcome']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="Python of a venv with bench/requirements.txt")
    parser.add_argument("--slow", action="store_true", help="also backtesting.py, 10^7")
    options = parser.parse_args()
    if options.peers:
        for work, bars in (("cross", SINGLE), ("stops", SINGLE), ("sweep", SWEEP)):
            compare(options.peers, work, bars)
    for power in (4, 5, 6, *((7,) if options.slow else ())):
        seconds = ours("cross", 10**power)["median"]
        each = seconds / 10**power * 1e9
        say(f"10^{power} bars {seconds * 1e3:9.2f} ms {each:6.1f} ns/bar")
    first = run(sys.executable, "-m", "bench.ours", "cold")
    say(f"process start to first result, warm cache: {first['outcome']:.2f} s")
    if options.slow and options.peers:
        for work in ("cross", "stops"):
            theirs = run(options.peers, "bench/peer_backtesting.py", work, "100000")
            mine = ours(work, 100_000)
            say(
                f"{work:6} 100,000 bars: ours {mine['median'] * 1e3:.1f} ms,"
                f" backtesting.py {theirs['median'] * 1e3:.0f} ms"
            )


if __name__ == "__main__":
    main()
