"""List filters of backtests."""

from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from backtests.engine import HEADLINE
from backtests.models import Backtest
from backtests.querying import MetricValue, containing, tagged
from marketdata.timeframes import CODES

MAX_TAGS = 20
TIMES = ("queued_at", "finished_at")
COMPARISONS = ("gte", "gt", "lte", "lt")


@extend_schema_field(OpenApiTypes.DOUBLE)
class MetricFilter(django_filters.Filter):
    """Compares a metric of the result; what has none is left out."""

    field_class = forms.FloatField

    def __init__(self, key: str, comparison: str) -> None:
        super().__init__(field_name=key, lookup_expr=comparison)

    def filter(self, queryset: QuerySet[Any], value: float | None) -> QuerySet[Any]:
        if value is None:
            return queryset
        alias = f"metric_{self.field_name}"
        queryset = queryset.alias(**{alias: MetricValue(self.field_name)})
        return queryset.filter(**{f"{alias}__{self.lookup_expr}": value})


class TagsField(forms.Field):
    """``tag=a&tag=b`` as a list."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return list(value or ())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MAX_TAGS:
            raise forms.ValidationError(f"Give at most {MAX_TAGS} tags.")
        if any(not 1 <= len(tag) <= 40 for tag in value):
            raise forms.ValidationError("A tag has 1 to 40 characters.")
        for tag in value:
            ProhibitNullCharactersValidator()(tag)


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": 40},
        "description": "Every one of them must be there: `tag=a&tag=b`.",
    }
)
class TagsFilter(django_filters.Filter):
    field_class = TagsField

    def filter(self, queryset: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return tagged(queryset, value)


class WordsFilter(django_filters.CharFilter):
    """Every word must be there, in any order and case; a part of a word will do."""

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name, max_length=200, **options)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return containing(queryset, self.field_name, value)


def _ranges() -> dict[str, django_filters.Filter]:
    filters: dict[str, django_filters.Filter] = {}
    for comparison in COMPARISONS:
        for name in TIMES:
            filters[f"{name}__{comparison}"] = django_filters.IsoDateTimeFilter(
                name, comparison
            )
        for key in HEADLINE:
            filters[f"metric_{key}__{comparison}"] = MetricFilter(key, comparison)
    return filters


RangeFilters: Any = type("RangeFilters", (django_filters.FilterSet,), _ranges())


class BacktestFilter(RangeFilters):
    symbol = django_filters.CharFilter(
        "series__instrument__symbol", lookup_expr="iexact"
    )
    timeframe = django_filters.ChoiceFilter(
        field_name="series__timeframe", choices=[(code, code) for code in CODES]
    )
    strategy = django_filters.NumberFilter(
        "strategy_version__strategy", min_value=1, max_value=2**63 - 1
    )
    # Not a choice of what there is: that would tell which ids strangers' series have.
    series = django_filters.NumberFilter("series_id", min_value=1, max_value=2**63 - 1)
    tag = TagsFilter()
    search = WordsFilter(
        "name", help_text="Only those whose name holds these words, in any order."
    )
    notes = WordsFilter(
        "notes", help_text="Only those whose notes hold these words, in any order."
    )

    # Named instead of all the filters one by one.
    takes = (
        "status, library, strategy, series, symbol, timeframe, tag, search, notes, "
        f"{{{', '.join(TIMES)}}}__{{{', '.join(COMPARISONS)}}}, limit, cursor, "
        f"ordering and metric_<key>__{{{', '.join(COMPARISONS)}}} with <key> one of "
        f"{', '.join(HEADLINE)}"
    )

    class Meta:
        model = Backtest
        fields = ("status", "library", "strategy", "series", "symbol")
