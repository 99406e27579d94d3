"""Text to syntax tree: Python's parser between two guards."""

import ast

from strategies.language.diagnostics import Place, Report
from strategies.language.foreign import foreign_signs
from strategies.language.limits import Limits
from strategies.language.mistakes import sentence_of
from strategies.language.scanning import scan, unified

COMPLEX = "This is too complicated; give parts of it names of their own."


def parse(code: str, limits: Limits, report: Report) -> ast.Module:
    """Return the tree of the text; raises ``CodeRejected`` where there is none."""
    code = unified(code)
    scan(code, limits, report)
    report.check()
    try:
        # The tree alone: nothing of it is ever compiled or run.
        tree = ast.parse(code)
    except SyntaxError as error:
        place = _place_of(error, code)
        line = code.split("\n")[place.line - 1]
        message = sentence_of(error.msg, line, place.column)
        report.add(place, "syntax_error", message)
        # The parser ends at its first error; what is plainly foreign is told of all
        # lines at once.
        for other, sentence in foreign_signs(code):
            if other.line != place.line:
                report.add(other, "syntax_error", sentence)
    except (RecursionError, MemoryError, ValueError, OverflowError):
        report.add(Place(1, 1, 1, 1), "too_deep", COMPLEX)
    else:
        return tree
    report.check()
    raise AssertionError("a report that was added to has something to raise")


def _place_of(error: SyntaxError, code: str) -> Place:
    """Return the place within the text; the parser may point after its end."""
    lines = code.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    column = min(max(error.offset or 1, 1), len(lines[line - 1]) + 1)
    end_line = min(max(error.end_lineno or line, line), len(lines))
    end = min(max(error.end_offset or 1, 1), len(lines[end_line - 1]) + 1)
    if (end_line, end) <= (line, column):
        end_line, end = line, column + 1
    return Place(line, column, end_line, end)
