import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from numba.core.dispatcher import Dispatcher

from strategies import indicators
from strategies.language.functions.warming import warm_up

# Compiled into their callers.
INNER = {"_replace"}
# Other tests have compiled kernels here: a process of its own shows which are warm.
FRESH = (
    "import json; from strategies.tests.functions import test_warming as it;"
    "it.warm_up(); print(json.dumps(it.versions()))"
)


def versions() -> dict[str, int]:
    """Return how often each kernel has been compiled in this process."""
    return {k.py_func.__name__: len(k.signatures) for k in _kernels()}


def _kernels() -> Iterator[Dispatcher]:
    for found in iter_modules(indicators.__path__):
        module = import_module(f"strategies.indicators.{found.name}")
        yield from (v for v in vars(module).values() if isinstance(v, Dispatcher))


def test_after_warming_up_every_kernel_is_compiled() -> None:
    fresh = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=True
    )

    compiled = json.loads(fresh.stdout)

    assert {"_held", "_sorted", "_weighted"} <= compiled.keys()
    assert {name for name, times in compiled.items() if times != 1} <= INNER


def test_nothing_has_any_kernel_compiled_twice() -> None:
    warm_up()

    assert max(versions().values()) == 1
