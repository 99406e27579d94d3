"""The functions of the language, one registration each."""

from strategies.language.functions.registry import FUNCTIONS

__all__ = ["FUNCTIONS"]
