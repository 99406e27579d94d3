"""What the tests of the admin do over and over."""

import html
import re
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.test import Client

from accounts.tests.factories import user_create
from marketdata.models import ImportRun
from marketdata.services.importing import Target, candles_import
from marketdata.tests.candles import NOW, candles, csv_file

ADMIN = "/admin/marketdata/"


def operator_client() -> Client:
    """Return a client of somebody who may do everything in the admin."""
    client = Client()
    client.force_login(user_create(email="operator@example.org", staff=True))
    return client


def import_some(folder: Path, number: int) -> list[ImportRun]:
    """Import ten candles of each of COIN0, COIN1 and so on."""
    return [
        candles_import(
            path=csv_file(folder, candles(10)),
            target=Target.of("binance", f"COIN{index}", "1h"),
            now=NOW,
        )
        for index in range(number)
    ]


def act(operator: Client, action: str, *rows: Model, **more: object) -> Any:
    """Run an action on rows of one model, and return the answer."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return operator.post(f"{ADMIN}{rows[0]._meta.model_name}/", data)


def told(operator: Client, *rows: Model) -> list[str]:
    """Return the messages on the list of a model, which are shown once."""
    page = operator.get(f"{ADMIN}{rows[0]._meta.model_name}/").content.decode()
    found = re.findall(r'<li class="(?:success|error|info)">(.*?)</li>', page)
    return [html.unescape(message) for message in found]
