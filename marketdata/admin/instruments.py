"""Instruments in the admin: their calendar decides what is missing."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from marketdata.models import Instrument
from marketdata.services.quality import instrument_check


@admin.register(Instrument)
class InstrumentAdmin(admin.ModelAdmin[Instrument]):
    list_display = ("symbol", "source", "calendar", "created_at")
    list_filter = ("source", "calendar")
    search_fields = ("symbol", "source")
    # Imports find an instrument by these two.
    readonly_fields = ("source", "symbol")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Instrument, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if "calendar" in form.changed_data:
            instrument_check(instrument=obj)
