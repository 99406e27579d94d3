"""What every test of real workers needs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backtests.tests.processes.places import FOLDER


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worker") / "worker.log"


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that a worker started from here on takes its faults from."""
    folder = tmp_path_factory.mktemp("faults")
    os.environ[FOLDER] = str(folder)
    yield folder
    del os.environ[FOLDER]
