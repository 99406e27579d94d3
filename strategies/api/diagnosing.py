"""A request that is wrong in its fields and in its code is told of both at once."""

from typing import Any

from rest_framework.exceptions import ValidationError

from botforge.api.problems import field_errors, sentences
from strategies.language.diagnostics import CodeRejected, Diagnosed
from strategies.models import Strategy
from strategies.services import code_check


def with_diagnostics(
    error: ValidationError, given: Any, stored: Strategy | None
) -> Exception:
    """Return the error, with the problems of the code, and of the values for it, as
    they would be: what a partial change leaves out is ``stored``."""
    errors = field_errors(error)
    wrong = {field.pointer.split("/")[1] for field in errors if field.pointer}
    if not isinstance(given, dict) or "code" in wrong:
        return error
    code = given.get("code", getattr(stored, "code", None))
    parameters = given.get("parameters", {} if stored is None else stored.parameters)
    if not isinstance(code, str):
        return error
    try:
        code_check(code, {} if "parameters" in wrong else parameters)
    except Diagnosed as found:
        if isinstance(found, CodeRejected) or "parameters" not in wrong:
            return found.beside(*errors, detail=sentences(errors))
    return error
