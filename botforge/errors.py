"""The application's exceptions: raised anywhere, translated once, at the border.

Standard library only, so that the pure modules may raise them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Of the errors of one input; the others are in the list.
MAX_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of the input.

    ``pointer`` is a JSON pointer (RFC 6901) into the request body, "" for the whole.
    """

    pointer: str
    code: str
    detail: str


def json_pointer(*parts: object) -> str:
    """Return the pointer to a place in a document (RFC 6901)."""
    return "".join(f"/{str(p).replace('~', '~0').replace('/', '~1')}" for p in parts)


class BotForgeError(Exception):
    """Base of every failure that has a sentence for the user.

    ``code`` is stable and machine-readable; ``detail`` is the sentence.
    """

    code = "error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code

    @property
    def members(self) -> Mapping[str, object]:
        """Return what the problem says beyond the members of every problem."""
        return {}


class InvalidInput(BotForgeError):
    """Raised when input has the right shape but the wrong meaning."""

    code = "invalid"

    def __init__(self, *errors: FieldError) -> None:
        sentences = dict.fromkeys(error.detail for error in errors)
        super().__init__(" ".join(list(sentences)[:MAX_SENTENCES]))
        self.errors = errors

    @classmethod
    def field(cls, name: str, code: str, detail: str) -> "InvalidInput":
        """Build the common case: one error on one top-level field (or path "a/b")."""
        return cls(FieldError(f"/{name}", code, detail))


class Infeasible(InvalidInput):
    """Raised for input that is right, and asks for more than this server can do."""

    code = "infeasible"

    def __init__(self, *errors: FieldError, code: str | None = None) -> None:
        super().__init__(*errors)
        self.code = code or self.code


class NotFound(BotForgeError):
    """Raised when an object does not exist, or is not the caller's to know about."""

    code = "not_found"


class Conflict(BotForgeError):
    """Raised when the object's present state does not allow the request."""

    code = "conflict"


class Gone(BotForgeError):
    """Raised for what was there and has been deleted for good."""

    code = "gone"


class NotAvailable(BotForgeError):
    """Raised for something that is declared but cannot be done by this version."""

    code = "not_available"


class QuotaExceeded(BotForgeError):
    """Raised when a user has as much of something as one user may have.

    ``retry_after`` is in seconds; None where waiting alone is no remedy.
    """

    code = "quota_exceeded"

    def __init__(
        self, detail: str, *, code: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class PreconditionFailed(BotForgeError):
    """Raised when ``If-Match`` names a version that is no longer the current one."""

    code = "precondition_failed"
