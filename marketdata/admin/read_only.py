"""What the admins of market data have in common."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest

from botforge.errors import BotForgeError


def operator_of(request: HttpRequest) -> AbstractBaseUser:
    """Return who is at work; in the admin that is always somebody."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


class ReadOnlyAdmin[M: Model](admin.ModelAdmin[M]):
    """Rows that only the service itself writes."""

    class Media:
        css = {"all": ("marketdata/admin.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Say whether the user may run the actions that change something."""
        names = self.opts
        return request.user.has_perm(f"{names.app_label}.change_{names.model_name}")

    def carry_out[T: Model](
        self,
        request: HttpRequest,
        rows: list[T],
        act: Callable[[T], object],
        done: str,
    ) -> list[T]:
        """Do something to each row, and say what was done and what was refused.

        ``done`` follows the number of rows. Returns the rows that it was done to.
        """
        changed = []
        for row in rows:
            try:
                act(row)
            except BotForgeError as error:
                self.message_user(request, error.detail, messages.ERROR)
            else:
                changed.append(row)
        if changed:
            self.message_user(request, f"{len(changed)} {done}", messages.SUCCESS)
        return changed
