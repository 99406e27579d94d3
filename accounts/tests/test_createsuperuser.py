import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_create

pytestmark = pytest.mark.django_db


def test_it_makes_an_operator_who_can_open_the_admin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", email="Root@Example.org", interactive=False)

    client = Client()
    given = {"username": "ROOT@example.org", "password": PASSWORD}
    assert client.post("/admin/login/?next=/admin/", given).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert User.objects.get().email == "root@example.org"


def test_an_address_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    user_create(email="root@example.org")

    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", email="ROOT@example.org", interactive=False)
