"""A package that an operator has installed, in a process that has just started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

MODULE = '''"""Strategies of our own."""

import numpy as np

from strategies.base import BaseStrategy, Parameter, Signals


class EveryNth(BaseStrategy):
    """Buy every now and then."""

    slug = "every_nth"
    title = "Every n-th bar"
    parameters = (Parameter("n", 5, minimum=2, maximum=100),)

    def generate_signals(self, ohlcv, parameters):
        bars = np.arange(len(ohlcv)) % parameters["n"] == 0
        return Signals.of(len(ohlcv), enter_long=bars)
'''
METADATA = "Metadata-Version: 2.1\nName: our-strategies\nVersion: 1.0\n"
ENTRY_POINTS = "[botforge.strategies]\nnth = our_strategies:EveryNth\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder that holds the module, as an installer leaves it there."""
    site = tmp_path / "site"
    info = site / "our_strategies-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "our_strategies.py").write_text(MODULE)
    (info / "METADATA").write_text(METADATA)
    return site


def _check(site: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    result = subprocess.run(
        [sys.executable, "manage.py", "check_strategy", *arguments],
        cwd=settings.BASE_DIR,
        env={
            **kept,
            "VAR_DIR": str(site.parent / "var"),
            "PYTHONPATH": str(site),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


def test_its_entry_point_is_enough(site: Path) -> None:
    (site / "our_strategies-1.0.dist-info" / "entry_points.txt").write_text(
        ENTRY_POINTS
    )

    code, shown = _check(site, "every_nth", "--parameters", json.dumps({"n": 10}))

    assert code == 0, shown
    assert "Every n-th bar" in shown
    # Of 1,500 bars every tenth.
    assert "150 of them with an order, no signal changed" in shown


def test_without_one_a_setting_names_the_class(site: Path) -> None:
    code, shown = _check(site, "every_nth", STRATEGY_CLASSES="our_strategies:EveryNth")

    assert code == 0, shown
    assert "300 of them with an order, no signal changed" in shown


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("our_strategies:Nothing", "it cannot be imported"),
        ("our_strategies.EveryNth", "does not have the form package.module:Class"),
        ("strategies.library.ma_cross:MaCross", "Two strategies are called ma_cross"),
    ],
)
def test_a_wrong_name_does_not_start(site: Path, name: str, problem: str) -> None:
    code, shown = _check(site, "ma_cross", STRATEGY_CLASSES=name)

    assert code != 0
    assert problem in shown
