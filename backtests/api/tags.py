"""The labels of a backtest."""

from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty


class TagsField(serializers.ListField):
    """Up to twenty labels, each of them once."""

    child = serializers.CharField(max_length=40)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)

    def run_validation(self, data: Any = empty) -> list[str]:
        return list(dict.fromkeys(super().run_validation(data)))
