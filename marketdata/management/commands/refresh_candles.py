"""Bring marked series up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketdata.services.refreshing import series_refresh_all


class Command(BaseCommand):
    help = (
        "Fetch the latest candles of every series marked for it (fetch_candles "
        "--refresh, or in the admin). Series that another process refreshes at this "
        "moment are left to it."
    )

    def handle(self, *args: Any, **options: Any) -> str:
        refreshed = series_refresh_all()
        for one in refreshed:
            said = one.error or f"{one.new:,} new, {one.changed:,} changed"
            self.stdout.write(f"{one.series}: {said}")
        failed = sum(bool(one.error) for one in refreshed)
        if failed:
            raise CommandError(f"{failed} of {len(refreshed)} could not be refreshed.")
        return f"{len(refreshed)} refreshed."
