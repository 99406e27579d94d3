"""What docs/quick-start.md tells is run, and comes to what it shows."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from backtests.tests.clients.serving import both_workers

PAGE = Path(settings.BASE_DIR) / "docs" / "quick-start.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE = "http://127.0.0.1:8000"
MARK = "-- shown so far --"

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", autouse=True)
def _workers(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    with both_workers(tmp_path_factory.mktemp("workers")):
        yield


def steps_of(language: str) -> list[tuple[str, str]]:
    """Return each block of the language with what the page shows as its output."""
    blocks = BLOCK.findall(PAGE.read_text())
    following = [*blocks[1:], ("", "")]
    return [
        (code, shown if kind == "text" else "")
        for (name, code), (kind, shown) in zip(blocks, following, strict=True)
        if name == language
    ]


def outputs_of(command: list[str], steps: list[str], folder: Path) -> list[str]:
    """Run the steps as one script and return what each of them printed."""
    (folder / "marketdata").symlink_to(Path(settings.BASE_DIR) / "marketdata")
    done = subprocess.run(
        [*command, "\n".join(steps)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(f"{MARK}\n")[:-1]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_what_is_told_with_curl(live_server: LiveServer, tmp_path: Path) -> None:
    steps = steps_of("bash")
    code = [f"{c.replace(HERE, live_server.url)}\necho '{MARK}'" for c, _ in steps]

    outputs = outputs_of(["bash", "-euo", "pipefail", "-c"], code, tmp_path)

    assert outputs == [shown for _, shown in steps]
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_what_is_told_with_python(live_server: LiveServer, tmp_path: Path) -> None:
    steps = steps_of("python")
    code = [f"{c.replace(HERE, live_server.url)}\nprint({MARK!r})" for c, _ in steps]

    outputs = outputs_of([sys.executable, "-c"], code, tmp_path)

    assert outputs == [shown for _, shown in steps]
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_the_page_shows_all_that_it_has() -> None:
    assert len(steps_of("bash")) >= 5
    assert len(steps_of("python")) >= 3
