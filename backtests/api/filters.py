"""List filters of backtests."""

import django_filters

from backtests.models import Backtest


class BacktestFilter(django_filters.FilterSet):
    symbol = django_filters.CharFilter(
        "series__instrument__symbol", lookup_expr="iexact"
    )
    strategy = django_filters.NumberFilter(
        "strategy_version__strategy", min_value=1, max_value=2**63 - 1
    )

    class Meta:
        model = Backtest
        fields = ("status", "library", "strategy", "series", "symbol")
