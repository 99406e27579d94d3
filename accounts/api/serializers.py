"""The shape of accounts on the wire."""

from typing import Any

from rest_framework import serializers

from botforge.api.serializers import StrictSerializer

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
