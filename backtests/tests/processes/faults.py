"""A worker that dies, or whose Redis dies, at the very place that a test has named.

A fault is a file in a folder: its name is the place, its text who is to be killed. The
first process that comes by takes it.
"""

import os
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any, cast

from numba import njit
from rq import Queue
from rq.job import Job

from backtests import jobs
from backtests.services import execution, verification
from backtests.tests.processes.places import FOLDER, POPPED, VERIFYING
from backtests.tests.processes.workers import freeze, kill
from backtests.worker import PreloadWorker

FAULTY = ("--worker-class", "backtests.tests.processes.faults.FaultyWorker")
# In its fork: before the row is claimed, at the start of each stage, in the transaction
# that stores the result, and when that is committed.
IN_THE_FORK = ("begun", *execution.STAGES, "inserted", "committed")


class FaultyWorker(PreloadWorker):
    """``manage.py rqworker --worker-class`` of this module, with ``FOLDER`` set.

    It reports, sweeps and loses patience sooner than one that serves people.
    """

    sweep_seconds = 2
    report_seconds = 1
    silence_seconds = 2

    def execute_job(self, job: Job, queue: Queue) -> None:
        pass_by(POPPED)
        super().execute_job(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        # Not sooner: the worker itself rehearses, and its parent is the test.
        _arm_all()
        super().main_work_horse(job, queue)


def put(folder: Path, place: str, victim: str) -> None:
    """Have ``victim`` killed there: "horse", "worker", "both", or a process's id.

    "nobody" stays there for minutes instead, in a kernel that holds the lock; "frozen"
    answers nothing, until it is told to go on.
    """
    ready = folder / f".{place}"
    ready.write_text(victim)
    ready.rename(folder / place)


def pass_by(place: str) -> None:
    """Carry out the fault that waits here, if there is one and nobody else took it."""
    folder = Path(os.environ[FOLDER])
    taken = folder / f"{place}.{os.getpid()}"
    try:
        (folder / place).rename(taken)
    except FileNotFoundError:
        return
    victim = taken.read_text()
    taken.unlink()
    parent = os.getpid() if place == POPPED else os.getppid()
    if victim in ("worker", "both"):
        kill(parent)
    if victim in ("horse", "both"):
        kill(os.getpid())
    if victim.isdigit():
        kill(int(victim))
    if victim == "frozen":
        freeze(os.getpid())
    if victim == "nobody":
        _spin(10**12)


def _turn(turns: int) -> int:
    state = 1
    for _ in range(turns):
        state = (state * 6_364_136_223_846_793_005 + 1) % 2_147_483_647
    return state


# Without nogil: while it computes, no signal handler of Python's runs.
_spin = cast(Callable[[int], int], njit(_turn))


def _before[**P, R](place: str, function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> R:
        pass_by(place)
        return function(*args, **options)

    return call


def _after[**P, R](place: str, function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> R:
        result = function(*args, **options)
        pass_by(place)
        return result

    return call


def _entered(enter: Callable[..., None]) -> Callable[..., None]:
    def call(backtest: Any, stage: str) -> None:
        enter(backtest, stage)
        pass_by(stage)

    return call


def _arm(module: Any, name: str, wrap: Callable[[Any], Any]) -> None:
    setattr(module, name, wrap(getattr(module, name)))


def _arm_all() -> None:
    """Make the places of this process ones where faults wait."""
    _arm(jobs, "backtest_claim", partial(_before, "begun"))
    _arm(jobs, "backtest_claim", partial(_after, "loading"))
    _arm(jobs, "backtest_execute", partial(_after, "committed"))
    _arm(execution, "_enter", _entered)
    _arm(execution, "result_store", partial(_after, "inserted"))
    _arm(verification, "reproduce", partial(_before, VERIFYING))


if FOLDER in os.environ:
    _spin(1)  # compiled before the fork, as the engine's kernels are
