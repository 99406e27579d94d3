"""The accounts part of the API."""

from django.urls import path

from accounts.api.views import (
    MeView,
    PasswordView,
    RegisterView,
    TokenRefreshView,
    TokenRevokeView,
    TokenView,
)

urlpatterns = [
    path("auth/register/", RegisterView.as_view()),
    path("auth/token/", TokenView.as_view()),
    path("auth/token/refresh/", TokenRefreshView.as_view()),
    path("auth/token/revoke/", TokenRevokeView.as_view()),
    path("me/", MeView.as_view()),
    path("me/password/", PasswordView.as_view()),
]
