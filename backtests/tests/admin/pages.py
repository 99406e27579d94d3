"""Where the pages are, who looks at them, and what they may not read."""

from django.contrib.auth.models import Permission
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult
from strategies.tests.factories import strategy_of

BACKTESTS = "/admin/backtests/backtest/"


def page_of(backtest: Backtest) -> str:
    return f"{BACKTESTS}{backtest.pk}/change/"


def operator_client() -> Client:
    """Return the browser of one who may do everything."""
    client = Client()
    client.force_login(user_create(email="operator@example.org", staff=True))
    return client


def clerk(*permissions: str) -> Client:
    """Return the browser of one who may enter the admin and do only this."""
    user = user_create(email="clerk@example.org")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def assert_no_table_read(captured: CaptureQueriesContext) -> None:
    """Hold that no query asks for a table's bytes; how many they are is no harm."""
    for query in captured.captured_queries:
        for table in BacktestResult.TABLES:
            column = f'"backtests_backtestresult"."{table}"'
            assert column not in query["sql"].replace(f"LENGTH({column})", "")


def of_own_code(backtest: Backtest, owner: User) -> None:
    """Make the backtest one of a strategy of the owner's own."""
    version = strategy_of(owner).versions.get()
    Backtest.objects.filter(pk=backtest.pk).update(library="", strategy_version=version)
