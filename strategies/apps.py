"""What is checked, and loaded, before the first strategy runs."""

from django.apps import AppConfig
from django.conf import settings

from strategies.library.registry import add_classes
from strategies.limits import language_limits


class StrategiesConfig(AppConfig):
    name = "strategies"

    def ready(self) -> None:
        """Fail at start-up, not at the first request, where a setting is wrong."""
        language_limits()
        add_classes(settings.STRATEGY_CLASSES)
