"""Series data in the form that was asked for: JSON, CSV or Parquet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from botforge.api.queries import query_of
from botforge.arrow import Table
from botforge.tabular import csv_pieces, parquet_pieces


class FileRenderer(BaseRenderer):
    """A form that is streamed by the view; what is rendered here is a problem."""

    charset = None

    def pieces(self, columns: Table) -> Iterator[bytes]:
        raise NotImplementedError

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        rendered: bytes = JSONRenderer().render(data)
        return rendered


class CsvRenderer(FileRenderer):
    media_type = "text/csv"
    format = "csv"

    def pieces(self, columns: Table) -> Iterator[bytes]:
        return csv_pieces(columns)


class ParquetRenderer(FileRenderer):
    media_type = "application/vnd.apache.parquet"
    format = "parquet"

    def pieces(self, columns: Table) -> Iterator[bytes]:
        return parquet_pieces(columns)


SERIES_RENDERERS = (JSONRenderer, CsvRenderer, ParquetRenderer)


class NamedFormats(DefaultContentNegotiation):
    """Say which formats there are, where the framework says "not found"."""

    def filter_renderers(
        self, renderers: Iterable[BaseRenderer], format: str | None
    ) -> list[BaseRenderer]:
        offered = list(renderers)
        found = [r for r in offered if r.format == format]
        if not found:
            known = ", ".join(str(r.format) for r in offered)
            raise ValidationError({"format": f"Give one of {known}."})
        return found


def query_without_form(request: Request) -> dict[str, str]:
    """Return the query without the name of the form, which the framework has read."""
    return query_of(request.query_params, ignored=("format",))


def refuse_pages(request: Request) -> None:
    """Raise ``ValidationError`` for a part of a table where a file is asked for."""
    wrong = [name for name in ("limit", "cursor") if name in request.query_params]
    if wrong:
        detail = "A file holds every row: pages are for JSON."
        raise ValidationError(dict.fromkeys(wrong, detail))


def file_response(
    renderer: FileRenderer, columns: Table, name: str
) -> StreamingHttpResponse:
    """Stream the columns as a file; ``name`` is without its extension."""
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
    return StreamingHttpResponse(
        renderer.pieces(columns),
        content_type=renderer.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{safe}.{renderer.format}"'
        },
    )
