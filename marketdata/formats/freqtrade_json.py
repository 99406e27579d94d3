"""freqtrade's JSON: one array of arrays [ms, open, high, low, close, volume].

Read a block at a time like a table of text: an array is a line, and its brackets are
no cells. The numbers of lines are those of the arrays.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from marketdata.formats.base import Found
from marketdata.formats.freqtrade_names import facts_of
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source, Stream
from marketdata.formats.table import read_table
from marketdata.formats.wishes import Wishes

BEGIN = re.compile(rb"^\s*\[\s*\[\s*-?\d")
SPACE = b" \t\r\n"
TOO_LONG = "an array in it is longer than any candle; it is damaged"
CUT = "it is cut off: the last bracket is missing; fetch it again"


class FreqtradeJson:
    """Milliseconds and numbers; packed with gzip it is freqtrade's ``jsongz``."""

    name = "freqtrade_json"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if not BEGIN.match(head.content):
            return None
        layout = Layout(tuple(range(6)), cells=6)
        facts = facts_of(head.source)
        packed = head.source.member is None and head.source.packed
        name = "freqtrade_jsongz" if packed else self.name
        return Found(
            facts, partial(read_table, _Arrays(head.source), layout, wishes), name
        )


@dataclass(frozen=True, slots=True)
class _Arrays:
    """A source whose arrays look like lines."""

    source: Source

    @contextmanager
    def open(self) -> Iterator["_ArrayStream"]:
        with self.source.open() as stream:
            yield _ArrayStream(stream)


class _ArrayStream:
    """Reads arrays as lines; ``InvalidInput`` when the outer one does not end."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._rest = b""
        self._begun = self._ended = False

    @property
    def done(self) -> int:
        return self._stream.done

    @property
    def total(self) -> int:
        return self._stream.total

    def read(self, size: int) -> bytes:
        """Return some lines; b"" when there are no more."""
        block = self._stream.read(size)
        if not block:
            return self._last()
        content = self._rest + block.translate(None, SPACE)
        if not self._begun:
            content, self._begun = content.removeprefix(b"[["), True
        # What ends the content may be half a separator.
        end = content.rfind(b"],[") + 3
        if end < 3:
            end = 0
        self._rest = content[end:]
        if len(self._rest) > 2 * size:
            raise refusal("long_line", TOO_LONG)
        return content[:end].replace(b"],[", b"\n") or self.read(size)

    def _last(self) -> bytes:
        if self._ended:
            return b""
        self._ended = True
        if not self._rest.endswith(b"]]"):
            raise refusal("damaged", CUT)
        return self._rest.removesuffix(b"]]").replace(b"],[", b"\n") + b"\n"
