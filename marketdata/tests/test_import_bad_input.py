"""Whatever is given, the answer is one sentence, in bounded time and memory."""

import gzip
import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from marketdata.formats import sources
from marketdata.models import Instrument
from marketdata.tests.candles import HEADER, candles, csv_text
from marketdata.tests.files import gzipped, written, zipped

pytestmark = pytest.mark.django_db
GOOD = csv_text(candles(50))
SECONDS = 20
KILOBYTES = 300_000


def refusal(path: Path) -> str:
    """Import a file; return the sentence with which the command ends."""
    began, peak = time.process_time(), _peak()
    names = ["--symbol", "X", "--source", "test", "--timeframe", "1h"]
    with pytest.raises(CommandError) as caught:
        call_command("import_candles", str(path), *names)
    assert time.process_time() - began < SECONDS
    assert _peak() - peak < KILOBYTES
    assert Instrument.objects.count() == 0
    said = str(caught.value)
    assert said.startswith(f"“{path.name}”: ")
    assert "\n" not in said
    return said


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def bytes_of(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def encrypted() -> bytes:
    """Return an archive that says of its member that it is encrypted."""
    content = bytearray(bytes_of({"a.csv": GOOD.encode()}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


BLANK = f"{HEADER}\n".encode() + b"\n" * 120_000_000
SAME = f"{HEADER}\n".encode() + b"1672531200000,1,1,1,1,1\n" * 4_000_000


@pytest.mark.parametrize("content", [BLANK, SAME], ids=["blank lines", "one row"])
@pytest.mark.parametrize("pack", [gzip.compress, lambda c: bytes_of({"a.csv": c})])
def test_a_bomb_is_not_unpacked(
    tmp_path: Path, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    said = refusal(written(tmp_path, pack(content), "bomb"))

    assert "unpacks to far more than candles would" in said or (
        "most of its lines are blank or comments" in said
    )


def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    content = bytearray(bytes_of({"a.csv": BLANK}))
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = (1000).to_bytes(4, "little")

    said = refusal(written(tmp_path, bytes(content), "bomb.zip"))

    assert "damaged or cut off" in said


@pytest.mark.parametrize(
    "member", ["../../etc/cron.d/x.csv", "/etc/x.csv", "a\\..\\x.csv", "C:\\x.csv"]
)
def test_a_member_that_leads_out_of_its_archive_is_refused(
    tmp_path: Path, member: str
) -> None:
    path = zipped(tmp_path, {"good.csv": GOOD, member: GOOD})

    assert "a path that leads out of it; do not trust it" in refusal(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["candles.zip"]


def test_a_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"\x1b[2Jx.csv": "hello", "y.csv": "hello"})

    assert sources.sources(path)[0].title == "candles.zip/\ufffd[2Jx.csv"


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, encrypted(), "secret.zip")

    assert "encrypted; unpack it with its password" in refusal(path)


@pytest.mark.parametrize(
    "content",
    [
        bytes_of({"inner.zip": bytes_of({"a.csv": GOOD.encode()})}),
        bytes_of({"inner.csv.gz": gzip.compress(GOOD.encode())}),
        gzip.compress(gzip.compress(GOOD.encode())),
        gzip.compress(bytes_of({"a.csv": GOOD.encode()})),
    ],
    ids=["zip in zip", "gzip in zip", "gzip in gzip", "zip in gzip"],
)
def test_an_archive_inside_another_is_refused(tmp_path: Path, content: bytes) -> None:
    said = refusal(written(tmp_path, content, "nested"))

    assert "an archive inside another; unpack it first" in said


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda c: bytes_of({"a.csv": c})], ids=["gzip", "zip"]
)
def test_an_archive_that_was_cut_off_is_refused(
    tmp_path: Path, share: float, pack: Callable[[bytes], bytes]
) -> None:
    whole = pack(GOOD.encode())

    said = refusal(written(tmp_path, whole[: int(len(whole) * share)], "cut.gz"))

    assert "damaged or cut off; fetch it again" in said


def test_an_archive_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(GOOD.encode()))
    content[-8] ^= 1

    assert "damaged" in refusal(written(tmp_path, bytes(content), "wrong.csv.gz"))


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    assert "the archive is empty" in refusal(zipped(tmp_path, {}))


def test_an_archive_of_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_MEMBERS", 2)
    path = zipped(tmp_path, {f"{number}.csv": GOOD for number in range(3)})

    assert "more than 2 files; split it" in refusal(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<!DOCTYPE html><html>", "it is a web page, not candles; download the file"),
        (GOOD.encode("utf-16"), "it is UTF-16 text; save it as UTF-8"),
        (GOOD.replace("\n", "\0\n").encode(), "it holds NUL bytes"),
        (GOOD.encode() + b"1,\xff\xfe,1,1,1,1\n", "it is not UTF-8 text; save it"),
        (b"[[1672531200000,1,2,3,4,5],[16725", "it is cut off: the last bracket"),
        (b"PAR1" + b"\0" * 100, "it is damaged or cut off"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 10, "NUL bytes"),
    ],
)
def test_what_is_no_candles_is_told_from_what_is(
    tmp_path: Path, content: bytes, why: str
) -> None:
    assert why in refusal(written(tmp_path, content, "x.csv"))


def test_a_line_without_an_end_in_an_archive_is_refused(tmp_path: Path) -> None:
    line = f"{HEADER}\n".encode() + b"1" * 30_000_000

    assert "a line is longer than any row" in refusal(gzipped(tmp_path, line))


def test_formulas_never_become_names(tmp_path: Path) -> None:
    rows = GOOD.splitlines()
    rows = [f"{rows[0]},symbol", *(f"{row},=cmd|'/c calc'!A1" for row in rows[1:])]
    path = written(tmp_path, "\n".join(rows) + "\n")

    with pytest.raises(CommandError, match="Begin the symbol with a letter or digit"):
        call_command("import_candles", str(path), "--source", "test")
