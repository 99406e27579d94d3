"""List filters of strategies."""

import django_filters

from strategies.models import NAME_LENGTH, Strategy


class StrategyFilter(django_filters.FilterSet):
    # No stored name is longer, and SQLite refuses to compare with a huge pattern.
    name = django_filters.CharFilter(max_length=NAME_LENGTH)
    name__icontains = django_filters.CharFilter(
        "name", lookup_expr="icontains", max_length=NAME_LENGTH
    )

    class Meta:
        model = Strategy
        fields = ("name",)
