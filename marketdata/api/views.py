"""Market data over REST: read only."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from botforge.api.columns import ColumnarSerializer, columnar
from botforge.api.listing import (
    StrictFilters,
    StrictOrdering,
)
from marketdata.api.filters import InstrumentFilter, SeriesFilter
from marketdata.api.serializers import (
    CandleQuerySerializer,
    InstrumentSerializer,
    SeriesSerializer,
)
from marketdata.models import Instrument, Series
from marketdata.ohlcv import COLUMNS
from marketdata.selectors import candle_window, instrument_list, series_list


@extend_schema(tags=["market data"])
@extend_schema_view(list=extend_schema(summary="List instruments"))
class InstrumentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Instrument]):
    serializer_class = InstrumentSerializer
    filterset_class = InstrumentFilter
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "source", "symbol")
    ordering = ("id",)
    queryset = Instrument.objects.none()

    def get_queryset(self) -> QuerySet[Instrument]:
        return instrument_list()


@extend_schema(tags=["market data"])
@extend_schema_view(
    list=extend_schema(summary="List series"),
    retrieve=extend_schema(summary="Show a series"),
)
class SeriesViewSet(viewsets.ReadOnlyModelViewSet[Series]):
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilter
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "bars", "first", "last")
    ordering = ("id",)
    queryset = Series.objects.none()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Series]:
        return series_list()

    @extend_schema(
        summary="Candles of a series",
        parameters=[CandleQuerySerializer],
        responses=ColumnarSerializer,
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def candles(self, request: Request, pk: str) -> Response:
        query = CandleQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        candles = candle_window(
            self.get_object(),
            wanted.get("start"),
            wanted.get("end"),
            timeframe=wanted.get("timeframe"),
            points=wanted.get("points"),
        )
        columns = {name: getattr(candles, name) for name in COLUMNS}
        return Response(columnar(columns))
