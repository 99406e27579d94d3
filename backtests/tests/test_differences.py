"""What counts as a difference between a result and the same run made again."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backtests.differences import (
    Difference,
    input_differences,
    record_differences,
    table_differences,
    verdict,
)

MANIFEST: dict[str, Any] = {
    "strategy": {"library": "ma_cross", "version": None, "source_hash": "aa"},
    "data": {
        "data_hash": "cc",
        "revision": 3,
        "grade": "A",
        "bars": 100,
        "warmup_bars": 20,
    },
    "engine_version": "1.0.0",
    "packages": {"numpy": "2.5.5", "numba": "0.68.1"},
}


def changed(part: str, **values: Any) -> dict[str, Any]:
    return MANIFEST | {part: MANIFEST[part] | values}


def names(found: list[Difference]) -> list[tuple[str, str]]:
    return [(difference["part"], difference["name"]) for difference in found]


def test_equal_manifests_do_not_differ() -> None:
    assert input_differences(MANIFEST, MANIFEST) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (changed("strategy", source_hash="bb"), [("strategy", "source_hash")]),
        (MANIFEST | {"engine_version": "1.1.0"}, [("engine", "engine_version")]),
        (changed("packages", numpy="2.6.0"), [("engine", "numpy")]),
        (changed("data", data_hash="dd"), [("data", "data_hash")]),
        (
            changed("data", data_hash="dd", revision=4, grade="B", bars=99),
            [("data", n) for n in ("data_hash", "revision", "grade", "bars")],
        ),
    ],
)
def test_what_changed_is_named(
    now: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert names(input_differences(MANIFEST, now)) == expected


def test_a_series_that_only_grew_is_no_difference() -> None:
    grown = changed("data", revision=9, grade="B")

    assert input_differences(MANIFEST, grown) == []


def test_a_difference_says_what_was_and_what_is() -> None:
    (found,) = input_differences(MANIFEST, MANIFEST | {"engine_version": "1.1.0"})

    assert (found["before"], found["after"]) == ("1.0.0", "1.1.0")
    assert found["detail"] == "engine_version was 1.0.0 and is 1.1.0."


def test_times_are_shown_as_times() -> None:
    before = {"entry_time": np.array([1_595_376_000_000, 1_595_462_400_000])}
    after = {"entry_time": np.array([1_595_376_000_000, 1_595_376_000_000])}

    (found,) = table_differences("trades", before, after)

    assert found["before"] == "2020-07-23T00:00:00Z"
    assert found["after"] == "2020-07-22T00:00:00Z"
    assert found["detail"] == (
        "1 of 2 values of trades.entry_time differ; the first is in row 1."
    )


def test_a_column_names_its_first_row_and_the_widest_distance() -> None:
    before = {"equity": np.array([1.0, 2.0, 3.0, 4.0])}
    after = {"equity": np.array([1.0, 2.5, 3.0, 3.0])}

    (found,) = table_differences("equity", before, after)

    assert (found["part"], found["name"]) == ("numbers", "equity.equity")
    assert (found["before"], found["after"]) == (2.0, 2.5)
    assert found["detail"] == (
        "2 of 4 values of equity.equity differ, by at most 1; the first is in row 1."
    )


def test_the_last_bit_counts() -> None:
    before = {"equity": np.array([0.1])}
    after = {"equity": np.nextafter(before["equity"], 1)}

    assert len(table_differences("equity", before, after)) == 1


def test_the_sign_of_zero_counts_and_no_nan_differs_from_another() -> None:
    zero, minus = {"x": np.array([0.0])}, {"x": np.array([-0.0])}
    nan = {"x": np.array([np.nan])}

    assert len(table_differences("t", zero, minus)) == 1
    assert table_differences("t", nan, {"x": -nan["x"]}) == []
    assert len(table_differences("t", nan, zero)) == 1


def test_a_value_that_json_does_not_know_is_null() -> None:
    (found,) = table_differences(
        "t", {"x": np.array([np.inf])}, {"x": np.array([np.nan])}
    )

    assert (found["before"], found["after"]) == (None, None)


@given(arrays(np.float64, st.integers(0, 20)))
def test_no_table_differs_from_its_copy(values: Any) -> None:
    table = {"x": values, "n": np.arange(len(values))}

    assert table_differences("t", table, {k: c.copy() for k, c in table.items()}) == []


def test_another_number_of_rows_is_named_with_the_first_row_that_differs() -> None:
    before = {"side": np.array([1, -1, 1], np.int8)}
    after = {"side": np.array([1, 1], np.int8)}

    rows, side = table_differences("trades", before, after)

    assert (rows["name"], rows["before"], rows["after"]) == ("trades.rows", 3, 2)
    assert (side["name"], side["before"], side["after"]) == ("trades.side", -1, 1)


def test_an_empty_table_differs_from_one_with_rows_by_its_rows_alone() -> None:
    empty, one = {"x": np.empty(0)}, {"x": np.ones(1)}

    assert names(table_differences("t", empty, one)) == [("numbers", "t.rows")]


def test_a_column_that_is_new_is_no_difference_and_one_that_is_gone_is() -> None:
    old = {"a": np.ones(2)}
    new = {"a": np.ones(2), "b": np.ones(2)}

    assert table_differences("t", old, new) == []
    assert names(table_differences("t", new, old)) == [("numbers", "t.b")]


def test_the_width_of_a_stored_integer_is_no_difference() -> None:
    narrow, wide = np.array([1, -1], np.int8), np.array([1, -1], np.int64)

    assert table_differences("t", {"side": narrow}, {"side": wide}) == []


def test_values_are_compared_by_their_names() -> None:
    before = {"sharpe": 1.5, "calmar": None, "trades": 3}
    after = {"sharpe": 1.25, "calmar": None, "trades": 3, "sortino": 2.0}

    (found,) = record_differences("metrics", before, after)

    assert found == {
        "part": "numbers",
        "name": "metrics.sharpe",
        "before": 1.5,
        "after": 1.25,
        "detail": "sharpe is 1.25 now.",
    }


def test_a_large_float_is_the_same_after_a_database_made_it_a_whole_number() -> None:
    stored = {"alpha": 34928576111986833000000}

    assert record_differences("metrics", stored, {"alpha": 3.4928576111986833e22}) == []
    assert record_differences("metrics", stored, {"alpha": 3.4928576111986840e22}) != []


@pytest.mark.parametrize(
    ("outcome", "numbers", "sentence"),
    [
        ("identical", 0, "Made again, every number is the same to the last bit."),
        (
            "engine_changed",
            0,
            "The engine, or a package that it counts on, has changed since; "
            "every number is the same to the last bit.",
        ),
        (
            "data_changed",
            2,
            "The candles of the window have changed since; 2 numbers differ.",
        ),
        (
            "strategy_changed",
            1,
            "The strategy's source has changed since; 1 number differs.",
        ),
        (
            "different",
            3,
            "The same inputs gave other numbers: this is a bug, please report it.",
        ),
    ],
)
def test_the_verdict_is_a_sentence(outcome: str, numbers: int, sentence: str) -> None:
    one = Difference(part="numbers", name="x", before=1, after=2, detail="")

    assert verdict(outcome, [one] * numbers) == sentence
