from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from strategies.language.functions import FUNCTIONS
from strategies.management.commands.language_reference import PAGE


def test_the_committed_page_is_current(tmp_path: Path) -> None:
    written = tmp_path / "page.md"

    call_command("language_reference", written)

    committed = Path(settings.BASE_DIR) / PAGE
    assert committed.read_text(encoding="utf-8") == written.read_text(encoding="utf-8")


def test_every_function_has_an_example_on_it() -> None:
    page = (Path(settings.BASE_DIR) / PAGE).read_text(encoding="utf-8")

    for function in FUNCTIONS.values():
        assert f"#### `{function.name}(" in page
        assert f"```python\n{function.example}\n```" in page
