"""What need not be logged."""

import logging


class NotReadyFilter(logging.Filter):
    """Drop the "Service Unavailable" of readiness probes: the answer says it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", "")
        return not path.startswith("/api/v1/health/")
