"""Blocks of candles in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketdata.admin.read_only import ReadOnlyAdmin
from marketdata.models import CandleBlock


@admin.register(CandleBlock)
class CandleBlockAdmin(ReadOnlyAdmin[CandleBlock]):
    list_display = ("series", "number", "bars", "gaps", "content_hash")
    list_filter = (("series__timeframe", admin.AllValuesFieldListFilter),)
    list_select_related = ("series__instrument",)
    search_fields = ("series__instrument__symbol",)
    exclude = ("payload",)
    # Counting rows twice is slow and tells an operator nothing.
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CandleBlock]:
        return super().get_queryset(request).defer("payload")
