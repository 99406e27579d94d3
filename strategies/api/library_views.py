"""The built-in strategies over HTTP."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from strategies.api.serializers import LibraryPageSerializer, LibraryStrategySerializer
from strategies.base import BaseStrategy
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import LIBRARY, documentation, library_strategy

SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, enum=list(LIBRARY))


class LibraryView(APIView):
    @extend_schema(
        operation_id="list_library_strategies",
        responses=LibraryPageSerializer,
        summary="The built-in strategies",
        tags=["strategies"],
    )
    def get(self, request: Request) -> Response:
        results = [_described(strategy) for strategy in LIBRARY.values()]
        page = {"next": None, "previous": None, "results": results}
        return Response(LibraryPageSerializer(page).data)


class LibraryStrategyView(APIView):
    @extend_schema(
        operation_id="get_library_strategy",
        responses=LibraryStrategySerializer,
        parameters=[SLUG],
        summary="One built-in strategy",
        tags=["strategies"],
    )
    def get(self, request: Request, slug: str) -> Response:
        strategy = library_strategy(slug)
        return Response(LibraryStrategySerializer(_described(strategy)).data)


def _described(strategy: BaseStrategy) -> dict[str, Any]:
    text = documentation(strategy)
    return {
        "slug": strategy.slug,
        "title": strategy.title,
        "description": text.partition("\n")[0],
        "documentation": text,
        "code": strategy.source if isinstance(strategy, LanguageStrategy) else None,
        "parameters": [
            {**asdict(parameter), "type": parameter.type}
            for parameter in strategy.parameters
        ],
    }
