"""The one error of files: a sentence that names the file is made of it."""

from botforge.errors import FieldError, InvalidInput


def refusal(code: str, why: str) -> InvalidInput:
    """Build the error of a file; ``named`` puts the file's name before ``why``."""
    return InvalidInput.field("file", code, why)


def named(name: str, error: InvalidInput) -> InvalidInput:
    """Return the error as a sentence about the file called ``name``."""
    first = error.errors[0]
    printable = "".join(c if c.isprintable() else "\ufffd" for c in name)
    detail = f"“{printable}”: {first.detail.removesuffix('.')}."
    return InvalidInput(FieldError(first.pointer, first.code, detail))
