"""A client of the REST API, as small as a client can be."""

import time
from types import TracebackType
from typing import Any, Self

import httpx

PATIENCE_SECONDS = 60


class DemoFailed(RuntimeError):
    """Raised when the service answers something else than the demo expects."""


class Client:
    """Speaks HTTP with the service and nothing else: no database, no queue."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1/", timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def register(self, email: str, password: str) -> None:
        """Create an account, sign in, and send the token from now on."""
        account = {"email": email, "password": password}
        self.call("POST", "auth/register/", account)
        access = self.call("POST", "auth/token/", account)["access"]
        self.http.headers["Authorization"] = f"Bearer {access}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer's JSON; ``DemoFailed`` quotes what went wrong."""
        answer = self.http.request(method, path, json=body)
        if answer.is_error:
            raise DemoFailed(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def backtest(self, **request: Any) -> dict[str, Any]:
        """Submit a backtest and return it when it is completed."""
        submitted = self.call("POST", "backtests/", request)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            backtest: dict[str, Any] = self.call("GET", f"backtests/{submitted['id']}/")
            if backtest["status"] == "completed":
                return backtest
            if backtest["status"] not in ("queued", "running"):
                raise DemoFailed(
                    f"The backtest {backtest['status']}: {backtest['error']}"
                )
            time.sleep(0.05)
        raise DemoFailed("The backtest did not end in time.")
