"""Examples of the health checks."""

from botforge.api.example import Example

EXAMPLES = {
    "get_health_live": Example(response={"status": "live"}),
    "get_health_ready": Example(
        response={
            "status": "ready",
            "checks": {
                "database": {"ok": True},
                "redis": {"ok": True},
                "worker": {"ok": True},
            },
        }
    ),
}
