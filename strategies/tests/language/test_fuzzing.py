"""Any text: a program that runs, or diagnostics; nothing else, and soon."""

import os
import sys
import time
from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botforge.errors import InvalidInput
from strategies.language.diagnostics import CodeRejected, Diagnostic
from strategies.language.functions.warming import warm_up
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, random_candles
from strategies.tests.language.generating import any_text

# LANGUAGE_FUZZ=1000000 is the longest form; it takes about an hour.
COUNT = int(os.environ.get("LANGUAGE_FUZZ", "20000"))
SECONDS = 2.0
CANDLES = random_candles(60, seed=3)
QUICK = settings(max_examples=150, deadline=None)


def _check(diagnostics: tuple[Diagnostic, ...]) -> None:
    assert 1 <= len(diagnostics) <= 20
    for problem in diagnostics:
        assert problem.message.isprintable(), problem.message
        assert problem.line >= 1
        assert problem.column >= 1


def _answer(text: str) -> str:
    """Return what becomes of a text: refused, unfit, or run."""
    try:
        strategy = LanguageStrategy.of(text).on(HOUR_MS)
    except CodeRejected as error:
        _check(error.diagnostics)
        return "refused"
    except InvalidInput:
        return "unfit"
    try:
        values = strategy.resolve({})
        assert strategy.warmup_bars(values) >= 0
        signals = strategy.decide(CANDLES, values).signals
    except InvalidInput:
        return "unfit"
    assert signals.enter_long.dtype == np.bool_
    assert len(signals) == len(CANDLES)
    return "run"


@QUICK
@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    _answer(text)


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data: bytes) -> None:
    _answer(data.decode("latin-1"))
    _answer(data.decode("utf-8", "surrogateescape"))


@QUICK
@given(st.integers(0, 2**64))
def test_anything_like_a_program_is_answered(seed: int) -> None:
    _answer(any_text(Random(seed)))


def test_some_generated_programs_run_and_some_do_not() -> None:
    answers = [_answer(any_text(Random(seed))) for seed in range(300)]

    assert {"refused", "run"} <= set(answers)


@pytest.mark.slow
def test_very_many_generated_texts_are_answered_at_once() -> None:
    first = int(os.environ.get("LANGUAGE_FUZZ_FIRST", "0"))
    warm_up()
    answers: Counter[str] = Counter()
    slowest = dict.fromkeys(("refused", "unfit", "run"), 0.0)
    for seed in range(first, first + COUNT):
        text = any_text(Random(seed))
        began = time.process_time()
        try:
            answer = _answer(text)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {text!r}") from error
        answers[answer] += 1
        slowest[answer] = max(slowest[answer], time.process_time() - began)
    milliseconds = {answer: round(1000 * s, 1) for answer, s in slowest.items()}
    # To be read with -s.
    sys.stdout.write(f"seeds {first} to {first + COUNT - 1}: {dict(answers)}, ")
    sys.stdout.write(f"the slowest in ms: {milliseconds}\n")

    assert max(slowest.values()) < SECONDS
