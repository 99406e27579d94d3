"""look_ahead and warm_up."""

from typing import Any

import pytest

from backtests.tests.checks.cases import facts, still, verdict
from strategies.causality import CausalityCheck, Leak

ROWS = still(*[100.0] * 10)


def test_equal_signals_are_evidence() -> None:
    known = {"causality": CausalityCheck((3, 5, 8), None)}

    found = verdict("look_ahead", facts(ROWS, known=known))

    assert (found.severity, found.value) == ("ok", 3)
    assert "3 shorter runs" in found.sentence
    assert "not proof" in found.sentence


def test_a_leak_is_critical() -> None:
    leak = Leak("enter_long", 7, 8)
    known = {"causality": CausalityCheck((3, 8), leak)}

    found = verdict("look_ahead", facts(ROWS, known=known))

    assert found.severity == "critical"
    assert leak.sentence in found.sentence


@pytest.mark.parametrize(
    ("causality", "severity"), [(CausalityCheck((), None), "info"), (None, "warning")]
)
def test_what_was_not_compared_is_said(
    causality: CausalityCheck | None, severity: str
) -> None:
    found = verdict("look_ahead", facts(ROWS, known={"causality": causality}))

    assert (found.severity, found.value) == (severity, 0)


@pytest.mark.parametrize(
    ("wanted", "sentence"), [(0, "needs 0 bars"), (20, "All 20 bars of warm-up lie")]
)
def test_a_whole_warm_up_is_fine(wanted: int, sentence: str) -> None:
    known = {"warmup_wanted": wanted, "warmup_found": wanted}

    found = verdict("warm_up", facts(ROWS, known=known, enter_long=[0]))

    assert (found.severity, found.value) == ("ok", 0)
    assert sentence in found.sentence


def test_a_short_warm_up_is_an_info() -> None:
    known = {"warmup_wanted": 5, "warmup_found": 4}

    found = verdict("warm_up", facts(ROWS, known=known, enter_long=[1]))

    assert (found.severity, found.value) == ("info", 1)
    assert "1 of 5 bars of warm-up" in found.sentence
    assert "first 10.0 % of the run" in found.sentence


def test_a_run_that_is_warm_up_for_long_is_a_warning() -> None:
    known = {"warmup_wanted": 5, "warmup_found": 3}

    assert verdict("warm_up", facts(ROWS, known=known)).severity == "warning"


@pytest.mark.parametrize("side", ["enter_long", "enter_short"])
def test_entries_without_indicators_are_a_warning(side: str) -> None:
    known = {"warmup_wanted": 5, "warmup_found": 4}

    entries: dict[str, Any] = {side: [0]}
    found = verdict("warm_up", facts(ROWS, known=known, **entries))

    assert found.severity == "warning"
    assert "yet it has 1 entry signal." in found.sentence


def test_no_more_bars_are_missing_than_the_run_has() -> None:
    known = {"warmup_wanted": 500, "warmup_found": 0}

    found = verdict("warm_up", facts(ROWS, known=known))

    assert found.value == 10
    assert "first 100 % of the run" in found.sentence
