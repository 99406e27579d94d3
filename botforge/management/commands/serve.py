"""Serve on this machine: web server, worker and, where none is named, Redis."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from botforge.embedded.paths import redis_socket
from botforge.embedded.processes import (
    StartFailed,
    ended_by_signal,
    is_free,
    running_service,
)
from botforge.embedded.redis_server import RedisUnavailable, running_redis

WELCOME = """
BotForge is running; Ctrl-C ends it.

  API docs   {url}/api/v1/docs/
  Admin      {url}/admin/
  Health     {url}/api/v1/health/ready/

An operator account:  {python} manage.py createsuperuser
More candles:         {python} manage.py import_candles --help
"""


def _nothing() -> None:
    """Tend a Redis that is not ours: its operator does."""


class Command(BaseCommand):
    help = "Serve with one worker on this machine until Ctrl-C."
    # Its children do the checks that matter; here they would only cost a second.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = options["port"]
        if not is_free(port):
            raise CommandError(
                f"Something listens on port {port} already: choose another, "
                f"e.g. make run PORT={port + 1}."
            )
        try:
            with ExitStack() as stack:
                stack.enter_context(ended_by_signal())
                tend: Callable[[], None] = _nothing
                if str(redis_socket(settings.VAR_DIR)) in settings.REDIS_URL:
                    tend = stack.enter_context(running_redis(settings.VAR_DIR)).revive
                call_command("migrate", verbosity=0)
                service = stack.enter_context(
                    running_service(port=port, var_dir=settings.VAR_DIR, fetching=True)
                )
                service.wait_until_ready()
                self.stdout.write(
                    WELCOME.format(url=service.url, python=".venv/bin/python")
                )
                raise CommandError(f"The {service.wait(tend)} has stopped.")
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        except (StartFailed, RedisUnavailable) as error:
            raise CommandError(str(error)) from error
