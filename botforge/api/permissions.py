"""Who is asking."""

from django.contrib.auth.base_user import AbstractBaseUser
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request


def signed_in(request: Request) -> AbstractBaseUser:
    """Return the user of a request that ``IsAuthenticated`` has let through."""
    if isinstance(request.user, AbstractBaseUser):
        return request.user
    raise NotAuthenticated
