"""The shape of accounts on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from botforge.api.serializers import StrictSerializer
from botforge.quotas import quotas_of

# Hashing reads all of it: without a bound a huge password is work for nothing.
PASSWORD_LENGTH = 256


class EmailAddressField(serializers.EmailField):
    """An e-mail address in lower case: one person, one account."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).lower()


class PasswordField(serializers.CharField):
    """A password, taken as it is: white space at its ends belongs to it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=PASSWORD_LENGTH,
            trim_whitespace=False,
            write_only=True,
            style={"input_type": "password"},
            **options,
        )


class UserSerializer(StrictSerializer):
    """Who you are."""

    id = serializers.UUIDField(read_only=True)
    email = EmailAddressField(read_only=True)
    name = serializers.CharField(max_length=150, allow_blank=True)
    date_joined = serializers.DateTimeField(read_only=True)


class AmountField(serializers.FloatField):
    """A number as it is: a count has no fraction."""

    def to_representation(self, value: float) -> Any:
        return value


class QuotaSerializer(serializers.Serializer[Any]):
    """How much of something you may have, and have."""

    limit = AmountField(allow_null=True, help_text="null: there is none.")
    used = AmountField()
    resets_at = serializers.DateTimeField(
        allow_null=True, help_text="When all of it is there again; null: when freed."
    )


class ProfileSerializer(UserSerializer):
    """Who you are, and what you may have."""

    quotas = serializers.SerializerMethodField(
        help_text=(
            "By name: `active` is the number of backtests queued or running, "
            "`daily_cost` the estimated seconds of workers of this UTC day."
        )
    )

    @extend_schema_field(serializers.DictField(child=QuotaSerializer()))
    def get_quotas(self, user: User) -> dict[str, Any]:
        quotas = quotas_of(user).items()
        return {name: QuotaSerializer(quota).data for name, quota in quotas}


class RegistrationSerializer(StrictSerializer):
    email = EmailAddressField()
    password = PasswordField()
    name = serializers.CharField(max_length=150, allow_blank=True, default="")


class CredentialsSerializer(StrictSerializer):
    # Not checked for being an address: what no account has is a failed sign-in.
    email = serializers.CharField(max_length=254)
    password = PasswordField()


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=4096)


class TokenPairSerializer(serializers.Serializer[Any]):
    """``access`` goes into the Authorization header; ``refresh`` works once."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class PasswordChangeSerializer(StrictSerializer):
    current_password = PasswordField()
    new_password = PasswordField()
