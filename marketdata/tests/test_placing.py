"""Which series candles go to, and whose word on it counts."""

import pytest

from accounts.tests.factories import user_create
from marketdata import markets
from marketdata.models import Instrument
from marketdata.services.placing import Place, series_place
from marketdata.services.target import Target

TARGET = Target.of("binance", "SOL/USDT", "1d")

pytestmark = pytest.mark.django_db


def calendar() -> str:
    return Instrument.objects.get().calendar


def test_what_a_user_uploads_does_not_decide_everybodys_calendar() -> None:
    alice = user_create()
    series_place(place=Place(TARGET, owner=alice, calendar=markets.EXCHANGE))
    assert calendar() == markets.EXCHANGE

    series_place(place=Place(TARGET, calendar=markets.ALWAYS))
    assert calendar() == markets.ALWAYS

    series_place(place=Place(TARGET, owner=alice, calendar=markets.EXCHANGE))
    assert calendar() == markets.ALWAYS


def test_everybodys_later_candles_leave_the_calendar_as_it_is() -> None:
    series_place(place=Place(TARGET, calendar=markets.EXCHANGE))

    series_place(place=Place(TARGET, calendar=markets.ALWAYS))

    assert calendar() == markets.EXCHANGE
