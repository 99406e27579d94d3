from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from numba.core.dispatcher import Dispatcher

from strategies import indicators
from strategies.language.functions.warming import warm_up

# Compiled into their callers.
INNER = {"_replace"}


def _kernels() -> Iterator[Dispatcher]:
    for found in iter_modules(indicators.__path__):
        module = import_module(f"strategies.indicators.{found.name}")
        yield from (v for v in vars(module).values() if isinstance(v, Dispatcher))


def test_after_warming_up_every_kernel_is_compiled_and_none_twice() -> None:
    warm_up()

    versions = {k.py_func.__name__: len(k.signatures) for k in _kernels()}

    assert {name: n for name, n in versions.items() if n != 1}.keys() <= INNER
    assert max(versions.values()) == 1
