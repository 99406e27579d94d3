"""List filters of market data."""

import django_filters

from marketdata.models import Instrument, Series


def _name(field: str) -> django_filters.CharFilter:
    # No stored name is longer, and SQLite refuses to compare with a huge pattern.
    return django_filters.CharFilter(field, lookup_expr="iexact", max_length=40)


class InstrumentFilter(django_filters.FilterSet):
    source = _name("source")
    symbol = _name("symbol")

    class Meta:
        model = Instrument
        fields = ("source", "symbol")


class SeriesFilter(django_filters.FilterSet):
    source = _name("instrument__source")
    symbol = _name("instrument__symbol")

    class Meta:
        model = Series
        fields = ("source", "symbol", "timeframe")
