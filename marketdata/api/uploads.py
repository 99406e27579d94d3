"""Files in: bounded while they stream in, not after they have filled the disk."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import (
    FileUploadHandler,
    TemporaryFileUploadHandler,
)
from rest_framework.parsers import MultiPartParser

from botforge.api.parsers import RequestTooLarge

# What a form around a file may come to: borders, names and the other fields.
FORM_BYTES = 20_000


def too_large() -> RequestTooLarge:
    limit = settings.IMPORT_MAX_UPLOAD_BYTES
    return RequestTooLarge(
        f"A file may have {limit:,} bytes: split it, or compress it."
    )


class BoundedUploadHandler(FileUploadHandler):
    """Count what arrives, and end the request at the first byte too many."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.IMPORT_MAX_UPLOAD_BYTES:
            raise too_large()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


class BoundedMultiPartParser(MultiPartParser):
    """Forms whose file goes to a temporary file, and not beyond the limit."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        declared = request.META.get("CONTENT_LENGTH") or "0"
        # A client that says so itself need not send it first.
        if int(declared) > settings.IMPORT_MAX_UPLOAD_BYTES + FORM_BYTES:
            raise too_large()
        request.upload_handlers = [
            BoundedUploadHandler(request),
            TemporaryFileUploadHandler(request),
        ]
        return super().parse(stream, media_type, parser_context)
