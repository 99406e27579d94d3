"""The first screen of the report."""

from dataclasses import replace
from typing import Any

from backtests.reports import ReportData
from backtests.reports.months import heat_map
from backtests.reports.overview import tiles_of, trials_text, verdict_of
from backtests.tests.factories import walk
from backtests.tests.reports.scenes import busy, report_on


def finding(severity: str, code: str = "few_trades") -> dict[str, Any]:
    return {"code": code, "severity": severity, "value": 1.0, "sentence": "So it is."}


def checked(*severities: str) -> ReportData:
    checks = [finding(severity) for severity in severities]
    return replace(busy(300), checks=checks)


def test_the_verdict_counts_what_somebody_should_read() -> None:
    verdict = verdict_of(checked("ok", "warning", "info", "critical", "warning", "ok"))

    assert verdict.headline == "1 critical finding and 2 warnings"
    assert verdict.severity == "critical"
    assert [check.severity for check in verdict.raised] == [
        "critical",
        "warning",
        "warning",
        "info",
    ]
    assert len(verdict.passed) == 2


def test_all_well_is_said_as_well() -> None:
    verdict = verdict_of(checked("ok", "ok"))

    assert (verdict.headline, verdict.severity) == ("All checks passed", "ok")


def test_a_result_from_before_there_were_checks_says_so() -> None:
    verdict = verdict_of(checked())

    assert (verdict.headline, verdict.severity) == ("Not checked", "")


def test_the_trials_say_how_much_the_sharpe_is_worth() -> None:
    trials = {
        "count": 14,
        "psr": 0.912,
        "expected_max_sharpe_annual": 1.318,
        "deflated_sharpe": 0.4312,
    }
    data = replace(busy(300), trials=trials)

    assert trials_text(data) == (
        "14 variants were tried of this strategy on these candles. The true Sharpe is "
        "above 0 with probability 91.2%. The best of so many would show 1.32 by "
        "chance; the true one is higher with probability 43.1%."
    )
    sharpe = next(tile for tile in tiles_of(data) if tile.name.startswith("Sharpe"))
    assert sharpe.note == "deflated 43.1%, 14 trials"


def test_a_single_trial_has_nothing_to_be_deflated_by() -> None:
    trials = {
        "count": 1,
        "psr": 0.5,
        "expected_max_sharpe_annual": 0.0,
        "deflated_sharpe": 0.5,
    }

    text = trials_text(replace(busy(300), trials=trials))

    assert text == (
        "One variant was tried of this strategy on these candles. The true Sharpe is "
        "above 0 with probability 50.0%."
    )


def test_without_a_ledger_there_is_no_word_of_trials() -> None:
    assert trials_text(replace(busy(300), trials={})) == ""


def test_undefined_metrics_leave_no_note() -> None:
    tiles = {tile.name: tile for tile in tiles_of(report_on(walk(50), "buy_and_hold"))}

    assert tiles["Profit factor"].value == "–"
    assert tiles["Profit factor"].note == ""


def test_months_multiply_to_their_year() -> None:
    data = busy(2_000)  # hourly from January to March 2024

    (year,) = heat_map(data)

    assert year.year == 2024
    shown = [cell for cell in year.months if cell.text]
    assert len(shown) == 3
    product = 1.0
    for cell in shown:
        product *= 1 + float(cell.text.replace("−", "-")) / 100
    total = float(year.total.text.replace("−", "-")) / 100
    assert abs(product - 1 - total) < 0.002  # of rounded numbers
