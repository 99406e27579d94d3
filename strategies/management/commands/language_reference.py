"""Write the reference page of the strategy language."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from strategies.language.page import reference_page

PAGE = Path("docs") / "strategy-language.md"


class Command(BaseCommand):
    help = "Write docs/strategy-language.md from the registrations of the language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, help="write here instead", default=None
        )

    def handle(self, *args: Any, path: Path | None, **options: Any) -> str:
        target = path or Path(settings.BASE_DIR) / PAGE
        target.write_text(reference_page(), encoding="utf-8")
        return f"Wrote {target.name}."
