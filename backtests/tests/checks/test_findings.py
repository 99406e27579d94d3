"""All checks together, on any run."""

import json
import re

from hypothesis import given, settings

from backtests.checks import CHECKS, Background, facts_of, findings_of, summary
from backtests.engine import Asset, ExecutionConfig, measure, simulate
from backtests.tests.checks.cases import KNOWN, facts, still
from backtests.tests.engine.golden import REPOSITORY
from backtests.tests.engine.markets import portfolios


def test_every_check_answers_in_the_order_of_the_registry() -> None:
    found = findings_of(facts(still(100, 101, 102), enter_long=[0]))

    assert [finding.code for finding in found] == list(CHECKS)


def test_a_finding_is_a_code_a_severity_a_number_and_a_sentence() -> None:
    found = findings_of(facts(still(100, 101, 102), enter_long=[0], exit_long=[2]))

    assert found[2].to_dict() == {
        "code": "few_trades",
        "severity": "critical",
        "value": 1,
        "threshold": 30,
        "sentence": "Only 1 trade was closed: with fewer than 30, luck weighs more than"
        " skill.",
    }


def test_the_summary_counts_what_should_be_read() -> None:
    severities = ["ok", "info", "warning", "critical", "warning"]

    assert summary({"severity": s} for s in severities) == {
        "warnings": 2,
        "criticals": 1,
    }


@settings(max_examples=60, deadline=None)
@given(portfolios())
def test_any_run_can_be_judged(drawn: tuple[list[Asset], ExecutionConfig]) -> None:
    (asset,), config = drawn
    if len(asset.ohlcv) < 2 or config.on_bad_bar == "skip":
        return  # no backtest is that short, no stored candle that bad
    result = simulate(asset.ohlcv, asset.signals, config)
    metrics = measure(result, asset.ohlcv)

    found = findings_of(
        facts_of(result, metrics, asset.ohlcv, asset.signals, Background(**KNOWN))
    )

    for finding in found:
        shown = finding.to_dict()
        json.dumps(shown, allow_nan=False)
        assert shown["severity"] in ("ok", "info", "warning", "critical")
        assert shown["sentence"].endswith(".")
        assert not re.search(r"\b(nan|inf)\b", shown["sentence"])


def test_the_documentation_lists_every_check() -> None:
    page = (REPOSITORY / "docs" / "results.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(CHECKS)
