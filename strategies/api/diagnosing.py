"""A request that is wrong in its fields and in its code is told of both at once."""

from typing import Any

from rest_framework.exceptions import ValidationError

from botforge.api.problems import field_errors
from strategies.language.diagnostics import CodeRejected, Diagnosed
from strategies.services import code_check


def with_diagnostics(error: ValidationError, given: Any) -> Exception:
    """Return the error, with the problems of the code, and of the values for it, where
    these are of the right shape."""
    errors = field_errors(error)
    wrong = {field.pointer.split("/")[1] for field in errors if field.pointer}
    code = given.get("code") if isinstance(given, dict) else None
    if not isinstance(code, str) or "code" in wrong:
        return error
    parameters = {} if "parameters" in wrong else given.get("parameters", {})
    try:
        code_check(code, parameters)
    except Diagnosed as found:
        # Without values it is not known whether those that are stored would fit.
        if parameters or isinstance(found, CodeRejected):
            return Diagnosed((*errors, *found.errors), found.diagnostics)
    return error
