"""The series that candles go to: made with the first, and agreed with ever after."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from botforge.errors import Conflict
from marketdata import markets
from marketdata.models import Instrument, Series
from marketdata.services.quality import instrument_check
from marketdata.services.target import Target
from marketdata.storage import lock_series

Adjustment = Series.Adjustment


@dataclass(frozen=True, slots=True)
class Place:
    """Where candles go, and what is known of them; None is not known.

    ``calendar`` is that of a new instrument; where it was ``said``, of an old one too.
    """

    target: Target
    owner: AbstractBaseUser | None = None
    calendar: str | None = None
    calendar_said: bool = False
    adjustment: str | None = None

    @property
    def owner_id(self) -> Any:
        return None if self.owner is None else self.owner.pk

    def existing(self) -> Series | None:
        return (
            Series.objects.select_related("instrument")
            .filter(
                instrument__source=self.target.source,
                instrument__symbol=self.target.symbol,
                timeframe=self.target.timeframe.code,
                owner_id=self.owner_id,
            )
            .first()
        )


def series_place(*, place: Place) -> Series:
    """Return the series, locked for the caller's transaction; make it on first use.

    Raises ``Conflict`` when it holds prices that are adjusted otherwise.
    """
    target = place.target
    instrument, is_new = Instrument.objects.get_or_create(
        source=target.source,
        symbol=target.symbol,
        defaults={"calendar": place.calendar or markets.ALWAYS},
    )
    if not is_new and _is_better(place, instrument):
        calendar_set(
            instrument=instrument, calendar=place.calendar or instrument.calendar
        )
    series, _ = Series.objects.get_or_create(
        instrument=instrument,
        timeframe=target.timeframe.code,
        owner_id=place.owner_id,
        defaults={
            "adjustment": place.adjustment or Adjustment.NONE,
            "anchor_ms": target.timeframe.anchor_ms,
        },
    )
    series = lock_series(series)
    adjustment_check(series=series, adjustment=place.adjustment)
    if not series.bars and (
        series.adjustment != (place.adjustment or Adjustment.NONE)
        or series.anchor_ms != target.timeframe.anchor_ms
    ):
        series.adjustment = place.adjustment or Adjustment.NONE
        series.anchor_ms = target.timeframe.anchor_ms
        series.save(update_fields=["adjustment", "anchor_ms"])
    return series


def _is_better(place: Place, instrument: Instrument) -> bool:
    """Say whether a stored calendar gives way to that of what is imported.

    It does when the user said so; when it is left from series that were deleted, or
    from those of users alone while everybody's come now; and when everybody's candles
    tell which exchange it is that was not known.
    """
    ours = instrument.series.all()
    if place.owner is None:
        # What one user uploaded must not decide how everybody's candles are judged.
        ours = ours.filter(owner=None)
    if place.calendar_said or not ours.exists():
        return True
    is_known = place.calendar in markets.EXCHANGES and place.owner is None
    return is_known and instrument.calendar == markets.EXCHANGE


def calendar_set(*, instrument: Instrument, calendar: str) -> None:
    """Give an instrument another calendar, and judge its series by it."""
    if instrument.calendar == calendar:
        return
    instrument.calendar = calendar
    instrument.save(update_fields=["calendar"])
    instrument_check(instrument=instrument)


def adjustment_check(*, series: Series, adjustment: str | None) -> None:
    """Refuse prices for a series of otherwise adjusted ones; None is not known.

    Raises ``Conflict``, naming what to do instead.
    """
    stored = Adjustment(series.adjustment)
    if series.bars == 0 or stored == adjustment:
        return
    if adjustment is None:
        if stored == Adjustment.NONE:
            return
        said = "do not tell how they are adjusted; if alike, say so with "
        said += f"--adjustment {stored.value}"
    else:
        said = f"are {Adjustment(adjustment).label}: one series cannot hold both"
    raise Conflict(
        f"{series} holds prices {stored.label}, and these {said}. Or import them with "
        "another --source, or delete the series first.",
        code="other_adjustment",
    )
