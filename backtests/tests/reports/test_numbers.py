"""Numbers as people read them."""

import math

import pytest

from backtests.reports import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, "12.3%"),
        (-0.05678, "−5.68%"),
        (0.0, "0.00%"),
        (-0.00001, "0.00%"),
        (12.5, "1,250%"),
        (9999.0, "999,900%"),
        (4.7e11, "4.7e+13%"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_a_fraction_is_percent_with_sensible_digits(
    value: float | None, text: str
) -> None:
    assert numbers.percent(value) == text


def test_a_sign_is_written_where_it_matters_and_never_of_nothing() -> None:
    assert numbers.percent(0.5, signed=True) == "+50.0%"
    assert numbers.percent(-0.5, signed=True) == "−50.0%"
    assert numbers.percent(0.0, signed=True) == "0.00%"
    assert numbers.money(1234.5, signed=True) == "+1,234.50"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10_000.0, "10,000.00"),
        (1_234_567.8, "1,234,568"),
        (-3.456, "−3.46"),
        (0.0042, "0.0042"),
        (3e-13, "0.00"),
        (None, "–"),
    ],
)
def test_an_amount_has_cents_while_they_count(value: float | None, text: str) -> None:
    assert numbers.money(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (67_123.45, "67,123.45"),
        (1.2345, "1.2345"),
        (0.00001234, "0.00001234"),
        (100.0, "100.00"),
        (0.0, "0.00"),
    ],
)
def test_a_price_has_the_digits_of_its_size(value: float, text: str) -> None:
    assert numbers.price(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0005, "0.05%"), (0.001, "0.1%"), (0.000123, "0.0123%")]
)
def test_a_rate_loses_no_digit(value: float, text: str) -> None:
    assert numbers.rate(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (45.0, "45 s"),
        (3_660.0, "1 h 1 min"),
        (86_400.0, "1 d"),
        (3 * 86_400.0 + 4 * 3_600, "3 d 4 h"),
        (872 * 86_400.0 + 5 * 3_600, "872 d"),
        (None, "–"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(
    seconds: float | None, text: str
) -> None:
    assert numbers.duration(seconds) == text


def test_midnight_is_a_day() -> None:
    assert numbers.moment(1_704_067_200_000) == "2024-01-01"
    assert numbers.moment(1_704_067_200_000 + 90 * 60_000) == "2024-01-01 01:30"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12_500.0, "12,500"), (-0.2, "−0.2"), (2_500_000.0, "2.5 M")],
)
def test_an_axis_shows_no_digit_that_says_nothing(value: float, text: str) -> None:
    assert numbers.tick(value) == text
