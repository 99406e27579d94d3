"""Bring backtests that lost their job back into the queue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError

from backtests.services.recovery import recover_backtests


class Command(BaseCommand):
    help = (
        "Queue backtests again whose job is gone, and fail those that lost it too "
        "often. Workers do this by themselves every 15 seconds."
    )

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            recovered = recover_backtests()
        except RedisError as error:
            raise CommandError("Redis does not answer; see REDIS_URL.") from error
        return f"{recovered.requeued} queued again, {recovered.failed} given up."
