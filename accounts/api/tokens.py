"""The tokens that a client of the API shows: short access, rotating refresh."""

from typing import TypedDict, cast

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from django.db import transaction
from django.http import HttpRequest
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import (
    AuthenticationFailed,
    InvalidToken,
    TokenError,
)
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User


class TokenPair(TypedDict):
    access: str
    refresh: str


def tokens_issue(request: HttpRequest, *, email: str, password: str) -> TokenPair:
    """Return tokens for the credentials.

    Unknown, inactive and wrong password are one answer, and take the same time, so
    that nobody learns from it who has an account.
    """
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User):
        raise AuthenticationFailed(
            "No active account has this e-mail address and password.",
            code="no_active_account",
        )
    update_last_login(None, user)  # type: ignore[arg-type] # it ignores the sender
    return _pair(user)


def tokens_rotate(raw: str) -> TokenPair:
    """Exchange a refresh token, which works once, for a new pair."""
    refresh = _refresh_token(raw)
    # The library's own view would skip these checks: that the user still exists, is
    # active, and has not changed the password since.
    user = cast(User, JWTAuthentication().get_user(refresh))
    with transaction.atomic():
        _, first = cast(tuple[object, bool], refresh.blacklist())
        if not first:  # another request was faster with the same token
            raise InvalidToken("Token is blacklisted")
        return _pair(user)


def token_revoke(raw: str) -> None:
    _refresh_token(raw).blacklist()


def _refresh_token(raw: str) -> RefreshToken:
    try:
        return RefreshToken(raw)  # type: ignore[arg-type] # takes the text too
    except TokenError as error:
        raise InvalidToken(error.args[0]) from error


def _pair(user: User) -> TokenPair:
    refresh = RefreshToken.for_user(user)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}
