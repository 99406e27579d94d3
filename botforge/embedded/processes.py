"""The web server and the worker as child processes of one command."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

# The first start compiles the engine: half a minute, longer on a busy machine.
START_SECONDS = 240
# A worker ends its job first; web requests are short.
STOP_SECONDS = 20
HOST = "127.0.0.1"
DATA_WORKER = ("--worker-class", "marketdata.worker.DataWorker")
# The control socket lies in the home folder, where two servers would share it.
THREADS = ("--threads", "8", "--no-control-socket")


class StartFailed(RuntimeError):
    """Raised when a part does not come up; says where its log is."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where a running service answers, and the environment that its commands need."""

    port: int
    environment: dict[str, str]
    log_dir: Path | None
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self, name: str, *arguments: str) -> None:
        """Start ``python arguments...`` as one part of the service."""
        log = None if self.log_dir is None else self.log_dir / f"{name}.log"
        with contextlib.ExitStack() as stack:
            output = None if log is None else stack.enter_context(log.open("wb"))
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C goes to the foreground group: the parent ends its children.
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when web server, database, Redis and worker all answer."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise StartFailed(f"The {name} stopped at once. {self._hint(name)}")
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/api/v1/health/ready/").is_success:
                    return
            time.sleep(0.1)
        raise StartFailed(f"The service did not come up. {self._hint('*')}")

    def wait(self, tend: Callable[[], None]) -> str:
        """Return the name of the first part that ends; ``tend`` is called meanwhile."""
        while True:
            tend()
            for name, process in self.processes.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.5)

    def stop(self) -> None:
        """End every part, the last started first, and wait until it is gone."""
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _hint(self, name: str) -> str:
        if self.log_dir is None:
            return "See its messages above."
        return f"Its messages are in {self.log_dir.name}/{name}.log."


@contextlib.contextmanager
def running_service(
    *, port: int, var_dir: Path, log_dir: Path | None = None, fetching: bool = False
) -> Iterator[Service]:
    """Yield a service whose web server and worker run; end them afterwards.

    ``fetching`` adds the worker that imports candles.
    """
    for folder in filter(None, (log_dir, var_dir / "static")):
        folder.mkdir(parents=True, exist_ok=True)
    service = Service(port, _environment(var_dir), log_dir)
    address = f"{HOST}:{port}"
    try:
        service.start("worker", "manage.py", "rqworker", "backtests")
        if fetching:
            command = ("manage.py", "rqworker", "data", *DATA_WORKER)
            service.start("data-worker", *command)
        service.start("web", "-m", "gunicorn", "botforge.wsgi", "-b", address, *THREADS)
        yield service
    finally:
        service.stop()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Say whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


@contextlib.contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that children are ended."""

    def unwind(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _environment(var_dir: Path) -> dict[str, str]:
    """Return the children's environment: as a server, with a secret of its own."""
    defaults = {
        "DEBUG": "False",
        "SECRET_KEY": _secret(var_dir / "secret_key"),
        "LOG_FORMAT": "console",
    }
    return {**defaults, **os.environ, "VAR_DIR": str(var_dir)}


def _secret(path: Path) -> str:
    """Return this installation's secret, made on first use and readable by us only."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()
