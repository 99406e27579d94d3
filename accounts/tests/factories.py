"""Users and clients for the tests of every app."""

import json
from typing import Any

from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User

PASSWORD = "correct horse battery staple"


def user_create(
    *, email: str = "alice@example.org", password: str = PASSWORD, staff: bool = False
) -> User:
    """Create a user, or an operator who may do everything in the admin."""
    if staff:
        return User.objects.create_superuser(email, password)
    return User.objects.create_user(email, password)


def api_client(user: User | None = None) -> APIClient:
    """Return a client that speaks as the user without a token, or as nobody."""
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def jwt_client(user: User) -> APIClient:
    """Return a client that speaks as the user with a real access token."""
    client = APIClient()
    access = RefreshToken.for_user(user).access_token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def as_json(value: object) -> dict[str, Any]:
    """Return a request's body in ASCII, which can carry half a surrogate pair."""
    return {"data": json.dumps(value), "content_type": "application/json"}
