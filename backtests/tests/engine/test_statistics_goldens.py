"""The statistics of metrics.md section 3 against independent packages."""

import gzip
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backtests.engine.metrics.moments import Moments, moments_of
from backtests.engine.statistics import (
    confidence_set,
    dsr,
    expected_max_sharpe,
    min_track_record,
    pbo,
    psr,
    reality_check,
    stepwise_superior,
    superior_ability,
)
from backtests.tests.engine import golden

pytestmark = pytest.mark.skipif(not golden.FOLDER.exists(), reason=golden.MISSING)

EXACT = pytest.approx


@cache
def reference() -> dict[str, Any]:
    loaded: dict[str, Any] = golden.load_json("overfit/reference.json")
    return loaded


@cache
def returns() -> NDArray[np.float64]:
    rows = golden.table("overfit/returns.csv.gz")
    names = reference()["columns"]
    return np.array([[float(row[name]) for name in names] for row in rows])


@cache
def benchmark() -> NDArray[np.float64]:
    return np.array(
        [float(r["buy_hold"]) for r in golden.table("overfit/returns.csv.gz")]
    )


@cache
def samples(package: str = "holdout") -> NDArray[np.int64]:
    path = golden.FOLDER / f"overfit/bootstrap_indices_{package}.csv.gz"
    with gzip.open(path, "rt") as file:
        return np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.int64)


def moments(name: str) -> Moments:
    return moments_of(
        np.ascontiguousarray(returns()[:, reference()["columns"].index(name)])
    )


def test_psr_agrees_for_every_strategy() -> None:
    for name, expected in reference()["per_strategy"].items():
        m = moments(name)

        assert m.sharpe == EXACT(expected["sharpe_ddof1"], rel=1e-12)
        assert m.skew == EXACT(expected["skew_biased"], rel=1e-11)
        assert m.kurtosis == EXACT(expected["kurtosis_raw_biased"], rel=1e-12)
        ours = psr(m.sharpe, m.count, m.skew, m.kurtosis)
        assert ours == EXACT(expected["psr0.holdout(ddof1,biased)"], rel=1e-12)


def test_dsr_agrees_for_every_strategy() -> None:
    names = reference()["columns"]
    all_moments = [moments(name) for name in names]
    variance = float(np.var([m.sharpe for m in all_moments], ddof=1))
    deflated = reference()["deflated"]

    assert variance == EXACT(
        deflated["trial_sharpe_variance_ddof1(of ddof1 sharpes)"], rel=1e-12
    )
    assert expected_max_sharpe(variance, 25) == EXACT(
        deflated["skfolio.expected_max_sharpe_ratio"], rel=1e-12
    )
    expected = reference()["vectorbt"]["deflated_sharpe_ratio_all_columns"]
    for name, m in zip(names, all_moments, strict=True):
        ours = dsr(m.sharpe, m.count, m.skew, m.kurtosis, variance=variance, trials=25)
        assert ours == EXACT(expected[name], rel=1e-11)


def test_dsr_agrees_with_the_worked_example_of_its_paper() -> None:
    example = reference()["paper_examples"]["DSR 2014"]["holdout"]
    variance = 0.5 / 250
    ours = dsr(2.5 / 250**0.5, 1250, -3.0, 10.0, variance=variance, trials=100)

    assert expected_max_sharpe(variance, 100) == EXACT(example["SR0"], rel=1e-12)
    assert ours == EXACT(example["DSR"], rel=1e-12)


def test_expected_maximum_agrees_for_any_number_of_trials() -> None:
    expected = reference()["vectorbt"]["approx_exp_max_sharpe(0,1,N)"]
    for trials, value in expected.items():
        assert expected_max_sharpe(1.0, int(trials)) == EXACT(value, rel=1e-12)
    assert expected_max_sharpe(1.0, 1) == 0.0


def test_the_minimum_track_record_agrees() -> None:
    m = moments("10_40")
    expected = reference()["min_track_record_length"]["holdout"]
    example = reference()["paper_examples"]["MinTRL/PSR consistency"]

    assert min_track_record(m.sharpe, m.skew, m.kurtosis) == EXACT(expected, rel=1e-11)
    assert min_track_record(0.1, -0.5, 5.0) == EXACT(example["min_trl"], rel=1e-12)
    assert psr(0.1, 288, -0.5, 5.0) == EXACT(example["psr at ceil"], rel=1e-12)
    assert min_track_record(0.0, 0.0, 3.0) == float("inf")


@pytest.mark.parametrize("case", ["N=25", "N=24 (last column dropped)"])
@pytest.mark.parametrize("blocks", [8, 10, 16])
def test_pbo_agrees(case: str, blocks: int) -> None:
    expected = reference()["pbo"][f"{case}, S={blocks}"]
    matrix = returns() if case == "N=25" else returns()[:, :24]
    ours = pbo(matrix, blocks)

    assert len(ours.logits) == expected["n_combinations"]
    assert ours.probability == EXACT(expected["holdout.pbo (logit <= 0)"], rel=1e-12)
    assert ours.slope == EXACT(expected["degradation_slope.purgedcv"], rel=1e-9)
    assert ours.probability_of_loss == EXACT(
        expected["probability_of_loss.holdout"], rel=1e-12
    )
    assert ours.logits.mean() == EXACT(expected["logits_mean"], rel=1e-11)
    if "selected" in expected:
        np.testing.assert_array_equal(ours.selected, expected["selected"])
        logits = expected[
            "logits (holdout order: lexicographic in-sample block choice)"
        ]
        np.testing.assert_allclose(ours.logits, logits, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("against", ["buy_hold", "cash"])
def test_the_reality_check_agrees(against: str) -> None:
    expected = reference()["spa"]["benchmarks"][against]["holdout"]["reality_check"]
    ours = reality_check(differences(against), indices=samples())

    assert ours.statistic == EXACT(expected["statistic"], rel=1e-9)
    assert ours.pvalue == EXACT(expected["pvalue"], abs=1e-12)
    assert ours.best == expected["best"]


@pytest.mark.parametrize("against", ["buy_hold", "cash"])
def test_superior_ability_agrees(against: str) -> None:
    expected = reference()["spa"]["benchmarks"][against]["holdout"]["spa"]
    ours = superior_ability(differences(against), indices=samples())

    assert ours.statistic == EXACT(expected["statistic"], rel=1e-9)
    for name in ("lower", "consistent", "upper"):
        assert getattr(ours, name) == EXACT(expected[name], abs=1e-12)
    assert ours.best == expected["best"]


@pytest.mark.parametrize("against", ["buy_hold", "cash"])
def test_the_stepwise_test_agrees(against: str) -> None:
    expected = reference()["spa"]["benchmarks"][against]["holdout"]
    ours = stepwise_superior(differences(against), indices=samples())

    np.testing.assert_allclose(ours.statistics, expected["t_statistics"], rtol=1e-9)
    np.testing.assert_allclose(
        ours.pvalues, expected["romano_wolf_adjusted"], rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("against", ["buy_hold", "cash"])
def test_the_stepwise_test_finds_the_strategies_that_arch_finds(against: str) -> None:
    expected = reference()["spa"]["benchmarks"][against]["arch"]["stepm_superior"]
    ours = stepwise_superior(differences(against), indices=samples("arch"))

    assert ours.superior(0.05).tolist() == expected


def test_the_model_confidence_set_agrees() -> None:
    expected = reference()["spa"]["arch_mcs"]
    ours = confidence_set(differences("cash"), indices=samples("arch"))

    assert ours.included(expected["size"]).tolist() == expected["included"]
    assert ours.eliminated.tolist() == [int(key) for key in expected["pvalues"]]
    for key, pvalue in expected["pvalues"].items():
        assert ours.pvalues[int(key)] == EXACT(pvalue, abs=1e-12)


def differences(against: str) -> NDArray[np.float64]:
    other = benchmark()[:, None] if against == "buy_hold" else 0.0
    return (returns() - other)[-500:]
