"""Who may open an account."""

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class RegistrationIsOpen(BasePermission):
    message = "Registration is closed on this server; ask its operator for an account."
    code = "registration_closed"

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(settings.REGISTRATION_OPEN)
