"""Time a piece of work and print it where ``run.py`` reads it."""

import json
import resource
import sys
import time
from collections.abc import Callable


def report(work: Callable[[], object], runs: int, warm: int = 1) -> None:
    """Call ``work``; print the seconds of each run, the outcome, the peak memory."""
    outcome = None
    for _ in range(warm):
        outcome = work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        outcome = work()
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = {"seconds": times, "outcome": outcome, "peak_mb": peak}
    sys.stdout.write(json.dumps(line) + "\n")
