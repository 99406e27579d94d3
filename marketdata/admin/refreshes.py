"""Which series are kept up to date, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from botforge.errors import BotForgeError, InvalidInput
from marketdata.admin.read_only import ReadOnlyAdmin, operator_of
from marketdata.models import SeriesRefresh
from marketdata.services.import_operations import refresh_create
from marketdata.services.refreshing import refresher, series_mark


class SeriesRefreshForm(forms.ModelForm[SeriesRefresh]):
    """A series and the provider that keeps it up to date."""

    class Meta:
        model = SeriesRefresh
        fields = ("series", "provider")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if {"series", "provider"} <= given.keys():
            try:
                refresher(series=given["series"], provider=given["provider"])
            except InvalidInput as error:
                self.add_error("provider", error.detail)
            except BotForgeError as error:
                self.add_error("series", error.detail)
        return given


@admin.register(SeriesRefresh)
class SeriesRefreshAdmin(ReadOnlyAdmin[SeriesRefresh]):
    form = SeriesRefreshForm
    list_display = (
        "series",
        "provider",
        "state",
        "last_bar",
        "refreshed_at",
        "error",
    )
    list_filter = ("provider",)
    list_select_related = ("series__instrument",)
    search_fields = ("provider", "series__instrument__symbol")
    autocomplete_fields = ("series",)
    actions = ("refresh",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("marketdata.add_seriesrefresh")

    def has_delete_permission(
        self, request: HttpRequest, obj: SeriesRefresh | None = None
    ) -> bool:
        return request.user.has_perm("marketdata.delete_seriesrefresh")

    def get_fields(
        self, request: HttpRequest, obj: SeriesRefresh | None = None
    ) -> tuple[str, ...]:
        told = ("state", "last_bar", "refreshed_at", "error")
        return ("series", "provider", *(() if obj is None else told))

    def save_model(
        self, request: HttpRequest, obj: SeriesRefresh, form: Any, change: bool
    ) -> None:
        mark = series_mark(series=obj.series, provider=obj.provider)
        obj.pk, obj.provider = mark.pk, mark.provider

    @admin.display(description="state")
    def state(self, mark: SeriesRefresh) -> str:
        if mark.locked_until is not None and mark.locked_until > timezone.now():
            return "refreshing"
        if mark.error:
            return "failed"
        return "not refreshed yet" if mark.refreshed_at is None else "refreshed"

    @admin.display(description="last bar", ordering="series__last")
    def last_bar(self, mark: SeriesRefresh) -> Any:
        return mark.series.last

    @admin.action(description="Refresh selected series now", permissions=["operate"])
    def refresh(self, request: HttpRequest, queryset: QuerySet[SeriesRefresh]) -> None:
        for mark in self.carry_out(
            request,
            list(queryset),
            lambda mark: refresh_create(owner=operator_of(request), series=mark.series),
            "queued: see “Import jobs”.",
        ):
            self.log_change(request, mark, "Refresh queued.")
