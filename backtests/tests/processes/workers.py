"""Real worker processes on the test's database and Redis, and ways to hurt them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from rq import Queue, Worker
from rq.worker import BaseWorker

# Compiling the kernels, when no run before has left them in the cache.
START_SECONDS = 300.0


class WorkerProcess:
    """One `manage.py rqworker`; it forks a horse for every job."""

    def __init__(self, log: Path, *arguments: str) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "rqworker", *arguments],
                cwd=settings.BASE_DIR,
                env={**os.environ, **_environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def horse(self) -> int | None:
        """The process that runs a job now."""
        for pid in _pids():
            state, parent = _standing(pid)
            if parent == self.process.pid and state != "Z":
                return pid
        return None

    def caught(self) -> int:
        """Wait until a fault has frozen the process of a job, and return its id."""
        return until(self._frozen, 30, self.log)

    def _frozen(self) -> int | None:
        horse = self.horse
        return horse if horse and _standing(horse)[0] == "T" else None

    def kill(self) -> None:
        """End the worker and its horse as the kernel does when memory is out."""
        horse = self.horse
        self.process.kill()
        if horse is not None:
            kill(horse)
        self.process.wait(timeout=10)


@contextmanager
def worker(queue: Queue, log: Path, *options: str) -> Iterator[WorkerProcess]:
    """Yield a worker that is ready for jobs; nothing of it is left afterwards."""
    known = {worker.name for worker in Worker.all(queue=queue)}
    running = WorkerProcess(log, queue.name, *options)
    try:
        until(lambda: _others(queue, known), START_SECONDS, log)
        yield running
    finally:
        running.kill()
        for dead in _others(queue, known):
            dead.register_death()  # type: ignore[no-untyped-call] # rq left it so


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def freeze(pid: int) -> None:
    """Stop a process where it is: it answers nothing, as inside a long kernel."""
    os.kill(pid, signal.SIGSTOP)


def cpu_ticks(pid: int) -> int:
    """Return the processor time of the process, in ticks of a hundredth second."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def until[T](
    condition: Callable[[], T | None], seconds: float, log: Path | None = None
) -> T:
    """Wait until the condition is true and return what it said."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        shown = log.read_text()[-4000:] if log else ""
        assert time.monotonic() < deadline, f"not within {seconds} s\n{shown}"
        time.sleep(0.002)
    return found


def _others(queue: Queue, known: set[str]) -> list[BaseWorker]:
    return [worker for worker in Worker.all(queue=queue) if worker.name not in known]


def _pids() -> Iterator[int]:
    names = (entry.name for entry in Path("/proc").iterdir())
    return (int(name) for name in names if name.isdigit())


def _standing(pid: int) -> tuple[str, int]:
    """Return the state of a process and its parent: "Z" and 0 for one that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "Z", 0
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state, int(parent)


def _environment() -> dict[str, str]:
    return {
        "DATABASE_URL": _database_url(connection.settings_dict),
        "REDIS_URL": str(settings.REDIS_URL),
        "VAR_DIR": str(settings.VAR_DIR),
        "LOG_LEVEL": "INFO",
    }


def _database_url(database: dict[str, Any]) -> str:
    """Return the URL of the test database, which pytest-django has switched to."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user = quote(database["USER"], safe="")
    secret = f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{user}{secret}@{database['HOST']}{port}/{database['NAME']}"
