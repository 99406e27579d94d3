"""Deleting, merging and repairing series in the admin: asked twice, and recorded."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from marketdata.admin.read_only import ReadOnlyAdmin, operator_of
from marketdata.merging import OnConflict
from marketdata.models import MaintenanceRecord, Series
from marketdata.services.maintenance import (
    series_delete,
    series_merge,
    series_repair,
)

CONFLICTS = {
    OnConflict.FAIL: "merge nothing, and say so",
    OnConflict.KEEP: "keep those of the target",
    OnConflict.REPLACE: "take those of the other",
}


class MergeForm(forms.Form):
    """Which of two series takes in the other, and what becomes of differences."""

    target = forms.ModelChoiceField(
        queryset=Series.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text="It takes in the candles of the other.",
    )
    on_conflict = forms.ChoiceField(
        choices=[(one.value, label) for one, label in CONFLICTS.items()],
        label="Where both have other values",
    )
    keep = forms.BooleanField(required=False, label="Keep the other series")

    def __init__(self, data: Any, both: QuerySet[Series]) -> None:
        super().__init__(data)
        self.fields["target"].queryset = both  # type: ignore[attr-defined] # a choice of rows


class MaintainedAdmin(ReadOnlyAdmin[Series]):
    """The actions on series that ask before they change candles."""

    def has_remove_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("marketdata.delete_series")

    @admin.action(description="Delete selected series…", permissions=["remove"])
    def remove(
        self, request: HttpRequest, queryset: QuerySet[Series]
    ) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            question = (
                "These series are deleted with all their candles, and cannot be "
                "brought back. One that backtests need is kept."
            )
            return self._ask(request, queryset, "remove", "Delete series", question)
        self.carry_out(
            request,
            list(queryset),
            lambda series: series_delete(
                series=series, actor=str(operator_of(request))
            ),
            "deleted.",
        )
        return None

    @admin.action(description="Repair selected series…", permissions=["operate"])
    def repair(
        self, request: HttpRequest, queryset: QuerySet[Series]
    ) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            question = (
                "Every block of these series is read and verified. What is wrong is "
                "written anew from its candles; a block that cannot be read is removed."
            )
            return self._ask(request, queryset, "repair", "Repair series", question)
        self.carry_out(
            request,
            list(queryset),
            lambda series: self._repair(request, series),
            "checked.",
        )
        return None

    @admin.action(description="Merge two selected series…", permissions=["remove"])
    def merge(
        self, request: HttpRequest, queryset: QuerySet[Series]
    ) -> TemplateResponse | None:
        both = list(queryset)
        if len(both) != 2:
            self.message_user(request, "Select two series to merge.", messages.ERROR)
            return None
        confirmed = "confirmed" in request.POST
        form = MergeForm(request.POST if confirmed else None, queryset)
        if not confirmed or not form.is_valid():
            question = "The candles of one series are written into the other."
            return self._ask(
                request, queryset, "merge", "Merge series", question, form=form
            )
        target = form.cleaned_data["target"]
        sources = [series for series in both if series != target]
        self.carry_out(
            request,
            sources,
            lambda source: series_merge(
                source=source,
                target=target,
                on_conflict=OnConflict(form.cleaned_data["on_conflict"]),
                keep_source=form.cleaned_data["keep"],
                actor=str(operator_of(request)),
            ),
            f"merged into {target}.",
        )
        return None

    def _repair(self, request: HttpRequest, series: Series) -> None:
        outcome = series_repair(series=series, actor=str(operator_of(request))).outcome
        found = ", ".join(f"{n} × {kind}" for kind, n in outcome["damaged"].items())
        lost = f"; {outcome['bars_lost']:,} bars lost" * bool(outcome["bars_lost"])
        self.message_user(request, f"{series}: {found or 'sound'}{lost}.")

    def _ask(  # noqa: PLR0913 - the parts of one page
        self,
        request: HttpRequest,
        rows: Iterable[Series],
        action: str,
        title: str,
        question: str,
        *,
        form: forms.Form | None = None,
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "question": question,
            "rows": rows,
            "action": action,
            "form": form,
            "opts": self.opts,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/marketdata/confirm.html", context)


@admin.register(MaintenanceRecord)
class MaintenanceRecordAdmin(ReadOnlyAdmin[MaintenanceRecord]):
    list_display = ("created_at", "action", "target", "actor", "outcome")
    list_filter = ("action",)
    search_fields = ("target", "actor")
    date_hierarchy = "created_at"
