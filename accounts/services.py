"""Changing accounts: the only code that writes them, beside the admin's forms."""

from typing import TypedDict

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from botforge.errors import FieldError, InvalidInput


def user_register(*, email: str, password: str, name: str = "") -> User:
    """Create an account.

    Raises ``InvalidInput`` for a weak password, and for an e-mail address that has an
    account already, in whatever letter case.
    """
    _check_password(password, User(email=email, name=name), field="password")
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError as error:
        detail = "There is an account with this e-mail address already; sign in."
        raise InvalidInput.field("email", "not_unique", detail) from error


class ProfileFields(TypedDict, total=False):
    """What a user may change about themselves."""

    name: str


def user_update(*, user: User, fields: ProfileFields) -> User:
    user.name = fields.get("name", user.name)
    user.save(update_fields=list(fields))
    return user


def password_change(*, user: User, current: str, new: str) -> None:
    """Set a new password, which ends every token issued under the old one.

    Raises ``InvalidInput`` if ``current`` is not the password or ``new`` is weak.
    """
    if not user.check_password(current):
        detail = "This is not your present password."
        raise InvalidInput.field("current_password", "wrong_password", detail)
    _check_password(new, user, field="new_password")
    user.set_password(new)
    user.save(update_fields=["password"])


def _check_password(password: str, user: User, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(
            *(
                FieldError(f"/{field}", e.code or "invalid", " ".join(e.messages))
                for e in error.error_list
            )
        ) from error
