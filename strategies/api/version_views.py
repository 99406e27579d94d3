"""The history of a strategy over HTTP."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from botforge.api.pagination import CursorPagination
from strategies.api.serializers import DiffSerializer, StrategyVersionSerializer
from strategies.models import StrategyVersion
from strategies.selectors import strategies_of, strategy_diff


class VersionPagination(CursorPagination):
    """A page of versions, with the difference that was asked for."""

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        page: dict[str, Any] = super().get_paginated_response_schema(schema)
        page["properties"]["diff"] = {
            "type": ["string", "null"],
            "description": "What changed between the version that `?diff=` names and "
            "the current one, as a unified diff; null if none is named.",
        }
        return page


class StrategyVersionsView(GenericAPIView[StrategyVersion]):
    serializer_class = StrategyVersionSerializer
    pagination_class = VersionPagination
    filter_backends = ()

    @extend_schema(
        summary="The history of a strategy's code, newest first",
        parameters=[DiffSerializer],
        responses=StrategyVersionSerializer(many=True),
        tags=["strategies"],
    )
    def get(self, request: Request, pk: int) -> Response:
        strategy = get_object_or_404(strategies_of(request.user), pk=pk)
        query = DiffSerializer(data=_without_paging(request.query_params))
        query.is_valid(raise_exception=True)
        since = query.validated_data.get("diff")
        diff = None if since is None else strategy_diff(strategy, since)
        page = self.paginate_queryset(strategy.versions.all())
        answer = self.get_paginated_response(self.get_serializer(page, many=True).data)
        answer.data["diff"] = diff
        return answer


def _without_paging(query: QueryDict) -> QueryDict:
    left = query.copy()
    for name in ("limit", "cursor"):
        left.pop(name, None)
    return left
