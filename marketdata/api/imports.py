"""Imports over REST: from a provider, or of an uploaded file."""

from pathlib import Path
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from botforge.api.headers import LOCATION
from botforge.api.idempotency import idempotent
from botforge.api.listing import StrictFilters, StrictOrdering
from botforge.api.parsers import BoundedJSONParser
from botforge.api.permissions import signed_in
from botforge.api.problem_schema import problem
from marketdata.api.import_serializers import (
    FetchSerializer,
    ImportSerializer,
    UploadSerializer,
)
from marketdata.api.uploads import BoundedMultiPartParser
from marketdata.models import ImportJob
from marketdata.services.fetching import FetchRequest
from marketdata.services.import_submission import (
    Upload,
    fetch_create,
    import_cancel,
    imports_of,
    upload_create,
)

TOO_EARLY = problem(
    422,
    "range_not_available",
    "yfinance has 1m candles from 2025-03-01T00:00:00Z on: start there or later.",
)
TOO_MANY = problem(
    429,
    "quota_exceeded",
    "You have 10 imports queued or running, which is the limit: wait for one to end, "
    "or cancel one.",
)


class ImportFilter(django_filters.FilterSet):  # type: ignore[misc] # untyped base
    class Meta:
        model = ImportJob
        fields = ("status", "kind", "timeframe")


@extend_schema(tags=["market data"])
@extend_schema_view(
    list=extend_schema(summary="List your imports"),
    retrieve=extend_schema(summary="Show an import"),
)
class ImportViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[ImportJob],
):
    serializer_class = ImportSerializer
    parser_classes = (BoundedJSONParser, BoundedMultiPartParser)
    filterset_class = ImportFilter
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "queued_at")
    ordering = ("-id",)
    queryset = ImportJob.objects.none()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[ImportJob]:
        return imports_of(signed_in(self.request))

    @extend_schema(
        summary="Import candles: from a provider, or from a file",
        description=(
            "JSON asks a provider for a window, multipart/form-data uploads a file. "
            "Uploaded candles go to a series of your own; fetched ones to everybody's. "
            "Symbol and timeframe of a file may be left to the file, where it tells "
            "them."
        ),
        request={
            "application/json": FetchSerializer,
            "multipart/form-data": UploadSerializer,
        },
        responses={202: ImportSerializer},
        parameters=[LOCATION],
        examples=[TOO_EARLY, TOO_MANY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        if (request.content_type or "").startswith("multipart/"):
            job = self._upload(request)
        else:
            shape = FetchSerializer(data=request.data)
            shape.is_valid(raise_exception=True)
            job = fetch_create(
                owner=signed_in(request), request=FetchRequest(**shape.validated_data)
            )
        url = reverse("import-detail", [job.pk], request=request)
        return Response(self._shown(job), 202, headers={"Location": url})

    @extend_schema(summary="Cancel an import", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        import_cancel(job=self.get_object())
        return Response(self._shown(self.get_object()))

    def _upload(self, request: Request) -> ImportJob:
        shape = UploadSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = shape.validated_data
        upload = Upload(
            # The parser writes every file to disk.
            path=Path(given["file"].temporary_file_path()),
            filename=given["file"].name,
            source=given["source"],
            symbol=given["symbol"],
            timeframe=given.get("timeframe", ""),
            reading={
                name: given[name]
                for name in UploadSerializer.READING
                if given.get(name) is not None
            },
        )
        return upload_create(owner=signed_in(request), upload=upload)

    def _shown(self, job: ImportJob) -> dict[str, Any]:
        return dict(self.get_serializer(job).data)
