"""List filters of market data."""

import django_filters

from marketdata.models import Instrument, Series


class InstrumentFilter(django_filters.FilterSet):
    source = django_filters.CharFilter(lookup_expr="iexact")
    symbol = django_filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = Instrument
        fields = ("source", "symbol")


class SeriesFilter(django_filters.FilterSet):
    source = django_filters.CharFilter("instrument__source", lookup_expr="iexact")
    symbol = django_filters.CharFilter("instrument__symbol", lookup_expr="iexact")

    class Meta:
        model = Series
        fields = ("source", "symbol", "timeframe")
