"""What the grammar leaves out: a sentence of its own for each construct."""

import ast
from collections.abc import Mapping

LOOP = (
    "Loops are not part of the language; every expression already runs over all bars."
)
FUNCTION = (
    "Functions cannot be defined; give the expression a name and use it where you "
    "need it."
)
CONTAINER = "Collections of values are not part of the language; name each value."
COMMA = (
    "A comma makes several values of this: join conditions with and, and write numbers "
    "without commas."
)
COMPREHENSION = (
    "Comprehensions are not part of the language; every expression already runs over "
    "all bars."
)
IMPORT = "Imports are not part of the language; all functions are there already."
MATRIX = "Matrix products are not part of the language; use *."
BITS = "Bit operators are not part of the language; use and, or, not."
SCOPE = "Scopes are not part of the language; every name is bound once, for all bars."
ERRORS = (
    "Exceptions are not part of the language; what cannot be computed is NaN, and "
    "nz() replaces it."
)
WAITING = "Coroutines are not part of the language; a strategy computes, nothing else."
CHECK = (
    "Statements that test are not part of the language: write enter_long = condition, "
    "or x = a if condition else b."
)
ASSERT = (
    "Statements that test are not part of the language: require(fast < slow) says what "
    "must hold between parameters."
)
FSTRING = "f-strings are not part of the language; texts are short and fixed."

STATEMENTS: Mapping[type[ast.stmt], tuple[str, str]] = {
    ast.FunctionDef: ("function_definition", FUNCTION),
    ast.AsyncFunctionDef: ("function_definition", FUNCTION),
    ast.ClassDef: ("class_definition", "Classes are not part of the language."),
    ast.Return: ("return", "There is nothing to return from; assign to an output."),
    ast.Delete: ("delete", "A name that is bound stays bound."),
    ast.AugAssign: (
        "augmented_assignment",
        "A name is bound once; give the new value a new name.",
    ),
    ast.AnnAssign: ("annotation", "Types are worked out; leave the annotation out."),
    ast.TypeAlias: ("annotation", "Types are worked out; there are none to declare."),
    ast.For: ("loop", LOOP),
    ast.AsyncFor: ("loop", LOOP),
    ast.While: ("loop", LOOP),
    ast.If: ("if_statement", CHECK),
    ast.Match: ("match_statement", CHECK),
    ast.With: ("with_statement", "There is nothing to open or to close."),
    ast.AsyncWith: ("with_statement", "There is nothing to open or to close."),
    ast.Raise: ("exception", ERRORS),
    ast.Try: ("exception", ERRORS),
    ast.TryStar: ("exception", ERRORS),
    ast.Assert: ("assert", ASSERT),
    ast.Import: ("import", IMPORT),
    ast.ImportFrom: ("import", IMPORT),
    ast.Global: ("scope", SCOPE),
    ast.Nonlocal: ("scope", SCOPE),
    ast.Pass: ("pass", "There is nothing to leave empty; remove the line."),
    ast.Break: ("loop", LOOP),
    ast.Continue: ("loop", LOOP),
}

EXPRESSIONS: Mapping[type[ast.expr], tuple[str, str]] = {
    ast.NamedExpr: (
        "walrus",
        "Names are bound by statements of their own: name = expression.",
    ),
    ast.Lambda: ("function_definition", FUNCTION),
    ast.Dict: ("collection", CONTAINER),
    ast.Set: ("collection", CONTAINER),
    ast.List: ("collection", CONTAINER),
    ast.Tuple: ("collection", COMMA),
    ast.ListComp: ("comprehension", COMPREHENSION),
    ast.SetComp: ("comprehension", COMPREHENSION),
    ast.DictComp: ("comprehension", COMPREHENSION),
    ast.GeneratorExp: ("comprehension", COMPREHENSION),
    ast.Await: ("coroutine", WAITING),
    ast.Yield: ("coroutine", WAITING),
    ast.YieldFrom: ("coroutine", WAITING),
    ast.FormattedValue: ("f_string", FSTRING),
    ast.JoinedStr: ("f_string", FSTRING),
    ast.Starred: (
        "starred",
        "Starred arguments are not part of the language; name each argument.",
    ),
    ast.Slice: (
        "slice",
        "Slices are not part of the language; x[n] is the value n bars ago.",
    ),
}

OPERATORS: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.MatMult: ("matrix_product", MATRIX),
    ast.LShift: ("bit_operator", BITS),
    ast.RShift: ("bit_operator", BITS),
    ast.BitOr: ("bit_operator", BITS),
    ast.BitXor: ("bit_operator", f"{BITS} A power is x ** 2."),
    ast.BitAnd: ("bit_operator", BITS),
    ast.Invert: ("bit_operator", BITS),
    ast.UAdd: ("unary_plus", "A plus in front does nothing; leave it out."),
    ast.Is: ("identity", "Values have no identity; compare with ==."),
    ast.IsNot: ("identity", "Values have no identity; compare with !=."),
    ast.In: ("membership", "There is nothing to be in; compare with == and or."),
    ast.NotIn: ("membership", "There is nothing to be in; compare with !=."),
}

UNKNOWN = ("not_in_language", "This is not part of the language.")
