"""Say whether a part of the service works, for container health checks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from botforge.health import CHECKS, PARTS


class Command(BaseCommand):
    help = "Exit 0 when the named parts work (all of them by default), else 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", nargs="*", help=", ".join(PARTS))

    def handle(self, *args: Any, **options: Any) -> str:
        parts: list[str] = options["part"] or list(CHECKS)
        unknown = [part for part in parts if part not in PARTS]
        if unknown:
            raise CommandError(f"No part {unknown[0]}; there are {', '.join(PARTS)}.")
        problems = [problem for part in parts if (problem := PARTS[part]())]
        if problems:
            raise CommandError(" ".join(problems))
        return f"{', '.join(parts)}: ok"
