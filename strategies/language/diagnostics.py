"""What is wrong with a program, and where: all of it at once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from botforge.errors import FieldError, InvalidInput


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text, its end not included; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Located(Protocol):
    """What of a syntax tree says where it stands in the text."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


def place_of(node: Located) -> Place:
    end_line = node.lineno if node.end_lineno is None else node.end_lineno
    end = node.col_offset if node.end_col_offset is None else node.end_col_offset
    return Place(node.lineno, node.col_offset + 1, end_line, end + 1)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable code, a sentence, a place, and what may have been meant."""

    code: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    suggestion: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def diagnostic_at(
    place: Place, code: str, message: str, suggestion: str | None = None
) -> Diagnostic:
    return Diagnostic(
        code,
        message,
        place.line,
        place.column,
        place.end_line,
        place.end_column,
        suggestion,
    )


class Diagnosed(InvalidInput):
    """Raised for input of which something has a place in a program's text."""

    def __init__(
        self, errors: Iterable[FieldError], diagnostics: Iterable[Diagnostic]
    ) -> None:
        super().__init__(*errors)
        self.diagnostics = tuple(diagnostics)

    def beside(self, *errors: FieldError, detail: str) -> "Diagnosed":
        """Return the same with what else is wrong, and the sentence for that."""
        both = Diagnosed((*errors, *self.errors), self.diagnostics)
        both.code, both.detail = self.code, f"{detail} {self.detail}"
        return both

    @property
    def members(self) -> dict[str, Any]:
        return {"diagnostics": [d.as_dict() for d in self.diagnostics]}


class CodeRejected(Diagnosed):
    """Raised for a program that is not one; holds everything wrong with it."""

    code = "invalid_code"

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__((_field_error(d) for d in diagnostics), diagnostics)


class Report:
    """The diagnostics of one text, in the order in which they are found."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.found: list[Diagnostic] = []

    def add(
        self, place: Place, code: str, message: str, suggestion: str | None = None
    ) -> None:
        """Note a problem; raises ``CodeRejected`` when there are enough."""
        self.found.append(diagnostic_at(place, code, message, suggestion))
        if len(self.found) >= self.most:
            self.check()

    def check(self) -> None:
        """Raise ``CodeRejected`` if anything was found, in the order of the text."""
        if self.found:
            raise CodeRejected(*sorted(self.found, key=lambda d: (d.line, d.column)))


def _field_error(diagnostic: Diagnostic) -> FieldError:
    place = f"Line {diagnostic.line}, column {diagnostic.column}"
    return FieldError("/code", diagnostic.code, f"{place}: {diagnostic.message}")
