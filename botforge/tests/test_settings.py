"""Settings that would do harm do not start; run in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SECRET = "S3cret-" * 10


def check(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=settings.BASE_DIR,
        env={**kept, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    "secret", [{}, {"SECRET_KEY": ""}, {"SECRET_KEY": settings.DEVELOPMENT_SECRET}]
)
def test_a_server_refuses_to_start_with_the_secret_that_everybody_knows(
    tmp_path: Path, secret: dict[str, str]
) -> None:
    result = check(tmp_path, DEBUG="False", **secret)

    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr


def test_a_server_with_its_own_secret_behind_https_has_nothing_to_mend(
    tmp_path: Path,
) -> None:
    result = check(tmp_path, DEBUG="False", SECRET_KEY=SECRET, HTTPS="True")

    assert result.returncode == 0, result.stderr


def test_the_secret_can_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)

    result = check(tmp_path, DEBUG="False", SECRET_KEY_FILE=str(file), HTTPS="True")

    assert result.returncode == 0, result.stderr
