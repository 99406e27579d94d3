"""Splits and dividends come with the candles."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from marketdata.models import CorporateAction, Series
from marketdata.tests.candles import SHARED
from marketdata.tests.imports.files import answer, run, weekdays, yahoo, yfinance
from marketdata.tests.imports.files import rows as table

pytestmark = pytest.mark.django_db
DAYS = weekdays(30)
SPY = ("--symbol", "SPY")
NOTHING = {"splits": 1, "dividends": 2, "new": 0, "changed": 0, "removed": 0}


def stored() -> list[str]:
    return [str(action) for action in CorporateAction.objects.all()]


def test_they_are_stored_beside_the_prices(tmp_path: Path) -> None:
    path = yfinance(tmp_path, DAYS, dividends={3: 0.25, 20: 0.5}, splits={10: 4.0})

    found = answer(path, *SPY)

    assert found["actions"] == NOTHING | {"new": 3}
    assert stored() == [
        "dividend of 0.25 on 2024-09-12",
        "split of 4 on 2024-09-23",
        "dividend of 0.5 on 2024-10-07",
    ]
    assert CorporateAction.objects.first().time.isoformat() == (  # type: ignore[union-attr]
        "2024-09-12T00:00:00+00:00"
    )


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    path = yfinance(tmp_path, DAYS, dividends={3: 0.25, 20: 0.5}, splits={10: 4.0})
    run(path, *SPY)
    keys = list(CorporateAction.objects.values_list("pk", "value"))

    assert answer(path, *SPY)["actions"] == NOTHING
    assert "nothing changed: 0 new, 0 changed" in run(path, *SPY)
    assert list(CorporateAction.objects.values_list("pk", "value")) == keys


def test_what_was_revised_is_changed_and_what_is_gone_is_removed(
    tmp_path: Path,
) -> None:
    run(yfinance(tmp_path, DAYS, dividends={3: 0.25, 20: 0.5}), *SPY)
    path = yfinance(tmp_path, DAYS, dividends={3: 0.24})

    found = answer(path, *SPY)

    assert found["actions"] == {
        **{"splits": 0, "dividends": 1, "new": 0, "changed": 1, "removed": 1}
    }
    assert (found["new"], found["changed"]) == (0, 0)
    assert stored() == ["dividend of 0.24 on 2024-09-12"]
    assert "nothing changed" in run(path, *SPY)


def test_days_that_a_file_does_not_hold_keep_theirs(tmp_path: Path) -> None:
    run(yfinance(tmp_path, DAYS, dividends={3: 0.25, 20: 0.5}), *SPY)
    lines = yfinance(tmp_path, DAYS).read_text().splitlines()

    path = tmp_path / "end.csv"
    path.write_text("\n".join([lines[0], *lines[20:]]) + "\n")
    run(path, *SPY)

    assert stored() == ["dividend of 0.25 on 2024-09-12"]


def test_a_table_without_them_takes_none_away(tmp_path: Path) -> None:
    run(yfinance(tmp_path, DAYS, dividends={3: 0.25}), *SPY)

    run(yahoo(tmp_path, table(DAYS)), *SPY, "--source", "yfinance")

    assert len(stored()) == 1


def test_stored_ones_may_be_kept(tmp_path: Path) -> None:
    run(yfinance(tmp_path, DAYS, dividends={3: 0.25}), *SPY)
    path = yfinance(tmp_path, DAYS, dividends={3: 0.24, 5: 0.1})

    found = answer(path, *SPY, "--on-conflict", "keep")

    assert (found["actions"]["new"], found["actions"]["changed"]) == (1, 0)
    assert stored()[0] == "dividend of 0.25 on 2024-09-12"


def test_other_ones_may_fail_and_leave_nothing(tmp_path: Path) -> None:
    run(yfinance(tmp_path, DAYS[:20], dividends={3: 0.25}), *SPY)
    path = yfinance(tmp_path, DAYS, dividends={3: 0.24})

    with pytest.raises(CommandError, match="Another dividend is stored on 2024-09-12"):
        run(path, *SPY, "--on-conflict", "fail")

    assert Series.objects.get().bars == 20
    assert stored() == ["dividend of 0.25 on 2024-09-12"]


def test_a_dry_run_stores_none(tmp_path: Path) -> None:
    path = yfinance(tmp_path, DAYS, dividends={3: 0.25})

    assert answer(path, *SPY, "--dry-run")["actions"]["new"] == 1
    assert stored() == []


def test_what_is_no_number_is_none(tmp_path: Path) -> None:
    path = yfinance(tmp_path, DAYS, dividends={3: 0.25})
    path.write_text(path.read_text().replace(",0.25,0.0", ",-1,nan"))

    run(path, *SPY)

    assert stored() == []


@pytest.mark.skipif(
    not (SHARED / "yfinance").exists(),
    reason="the shared data set is not beside the repository",
)
def test_those_of_real_files(tmp_path: Path) -> None:
    run(SHARED / "yfinance/CALM_1d_divs.csv.gz", "--symbol", "CALM")
    run(SHARED / "yfinance/dirty/4063-T_1d_bad_split.csv", "--symbol", "4063.T")

    # Counted in the files by eye: days whose dividend or split is not 0.0.
    kinds = [
        (a.series.instrument.symbol, a.kind) for a in CorporateAction.objects.all()
    ]
    assert kinds.count(("CALM", "dividend")) == 10
    assert kinds.count(("4063.T", "split")) == 1
    assert kinds.count(("4063.T", "dividend")) == 1


def test_the_object_is_the_same_for_a_file_of_coins(tmp_path: Path) -> None:
    rows = [[1_672_617_600_000 + n * 3_600_000, 10, 12, 9, 11, 5] for n in range(9)]
    path = tmp_path / "BTC_USDT-1h.json"
    path.write_text(json.dumps(rows))

    found = answer(path)

    assert found["actions"] == dict.fromkeys(NOTHING, 0)
    assert (found["calendar"], found["adjustment"]) == ("24/7", "none")
