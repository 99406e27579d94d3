"""The forms of the user admin: Django's own, for users without a user name."""

from typing import ClassVar

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import User


class LowercaseEmailField(forms.EmailField):
    """One person, one account: the letter case makes no difference."""

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).lower()


class EmailUserCreationForm(AdminUserCreationForm[User]):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email",)
        field_classes: ClassVar = {"email": LowercaseEmailField}


class EmailUserChangeForm(UserChangeForm[User]):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"
        field_classes: ClassVar = {"email": LowercaseEmailField}
