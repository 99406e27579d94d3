"""Strategies in the admin: to look at and to delete; their owners change them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from strategies.models import Strategy, StrategyVersion


class VersionInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = StrategyVersion
    fields = ("number", "source_hash", "created_at")
    readonly_fields = fields
    show_change_link = True
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Strategy)
class StrategyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("name", "owner", "version", "created_at", "updated_at")
    list_filter = ("created_at", "updated_at")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email")
    fields = (
        "name",
        "owner",
        "description",
        "parameters",
        "version",
        "created_at",
        "updated_at",
    )
    inlines = (VersionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StrategyVersion)
class StrategyVersionAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Read only. A version goes with its strategy: the permission to delete is what
    lets the pages that delete a strategy or a user include it."""

    list_display = ("strategy", "number", "owner", "source_hash", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("strategy__owner",)
    search_fields = ("strategy__name", "strategy__owner__email", "source_hash")
    fields = ("strategy", "number", "code", "source_hash", "created_at")
    ordering = ("-id",)
    actions = None

    @admin.display(ordering="strategy__owner__email")
    def owner(self, version: StrategyVersion) -> str:
        return str(version.strategy.owner)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"show_delete": False, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        raise PermissionDenied
