"""Users: they sign in with an email address."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower


class EmailUserManager(UserManager["User"]):
    """Creates users by email; there is no user name."""

    # Migrations must not import this class.
    use_in_migrations = False

    def _create(self, email: str, password: str | None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(  # type: ignore[override] # no user name here
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self._create(email, password, **fields)

    def create_superuser(  # type: ignore[override] # no user name here
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self._create(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person with an account; ``is_staff`` opens the admin."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment] # removed from the base class
    first_name = None  # type: ignore[assignment] # one name field serves everybody
    last_name = None  # type: ignore[assignment] # see first_name
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[EmailUserManager] = EmailUserManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_lower"),
        )

    def __str__(self) -> str:
        return self.email
