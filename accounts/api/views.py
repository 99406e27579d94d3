"""Accounts over HTTP."""

from typing import cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import RegistrationIsOpen
from accounts.api.serializers import (
    CredentialsSerializer,
    PasswordChangeSerializer,
    ProfileSerializer,
    RefreshSerializer,
    RegistrationSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from accounts.api.tokens import token_revoke, tokens_issue, tokens_rotate
from accounts.models import User
from accounts.services import password_change, user_register, user_update
from botforge.api.problem_schema import problem

REFUSED = problem(
    401,
    "no_active_account",
    "No active account has this e-mail address and password.",
)
TOKEN_REFUSED = problem(401, "token_not_valid", "Token is invalid or expired")
CLOSED = problem(403, RegistrationIsOpen.code, RegistrationIsOpen.message)
EMPTY = OpenApiResponse(description="Done.")


class SignInView(APIView):
    """Base of what is asked before there is a token; throttled by address."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "auth"

    def get_authenticate_header(self, request: Request) -> str:
        # Without a challenge the framework would answer 403 instead of 401.
        return 'Bearer realm="api"'


class RegisterView(SignInView):
    permission_classes = (AllowAny, RegistrationIsOpen)  # type: ignore[assignment] # one more than the base

    @extend_schema(
        operation_id="register",
        request=RegistrationSerializer,
        responses={201: UserSerializer},
        examples=[CLOSED],
        summary="Open an account",
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = user_register(**serializer.validated_data)
        return Response(UserSerializer(user).data, status=201)


class TokenView(SignInView):
    @extend_schema(
        operation_id="sign_in",
        request=CredentialsSerializer,
        responses=TokenPairSerializer,
        examples=[REFUSED],
        summary="Sign in: get an access and a refresh token",
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        serializer = CredentialsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        pair = tokens_issue(request._request, **serializer.validated_data)
        return Response(TokenPairSerializer(pair).data)


class TokenRefreshView(SignInView):
    @extend_schema(
        operation_id="refresh_tokens",
        request=RefreshSerializer,
        responses=TokenPairSerializer,
        examples=[TOKEN_REFUSED],
        summary="Exchange a refresh token for a new pair",
        description="The token that was given does not work a second time.",
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        pair = tokens_rotate(serializer.validated_data["refresh"])
        return Response(TokenPairSerializer(pair).data)


class TokenRevokeView(SignInView):
    @extend_schema(
        operation_id="sign_out",
        request=RefreshSerializer,
        responses={204: EMPTY},
        examples=[TOKEN_REFUSED],
        summary="Sign out: end a refresh token",
        description="The access token that came with it runs out by itself.",
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token_revoke(serializer.validated_data["refresh"])
        return Response(status=204)


class MeView(APIView):
    @extend_schema(
        responses=ProfileSerializer,
        summary="Your profile, quotas and usage",
        tags=["accounts"],
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer(request.user).data)

    @extend_schema(
        request=UserSerializer,
        responses=ProfileSerializer,
        summary="Change your profile",
        tags=["accounts"],
    )
    def patch(self, request: Request) -> Response:
        serializer = UserSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        user = user_update(user=_user(request), fields=serializer.validated_data)
        return Response(ProfileSerializer(user).data)


class PasswordView(APIView):
    # Guessing the present password with a stolen access token is held up too.
    throttle_scope = "auth"

    @extend_schema(
        operation_id="change_password",
        request=PasswordChangeSerializer,
        responses={204: EMPTY},
        summary="Change your password",
        description="Every token issued so far ends; sign in again.",
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        serializer = PasswordChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        password_change(
            user=_user(request),
            current=given["current_password"],
            new=given["new_password"],
        )
        return Response(status=204)


def _user(request: Request) -> User:
    """Return who asks; the default permission has refused everybody else."""
    return cast(User, request.user)
