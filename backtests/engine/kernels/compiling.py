"""How kernels are compiled."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba


def _source_digest() -> str:
    """Return a hash of every kernel source.

    numba notices a change in the file of the function it cached, but not in the files
    of the functions compiled into it. The digest becomes part of the cached name, so
    that machine code of an older engine can never be loaded.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


_DIGEST = _source_digest()


# Kernels allocate nothing and own nothing: their arrays belong to the caller for the
# whole call. Without numba's reference counts (``_nrt``) a step of the simulation costs
# about a tenth, because every array of a NamedTuple is counted at every use. A kernel
# that does allocate fails to compile, so the rule cannot be broken unnoticed.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile an entry point: cached on disk, without the GIL, IEEE division."""
    function.__qualname__ = f"{function.__qualname__}_{_DIGEST}"
    return cast(F, numba.njit(cache=True, **_OPTIONS)(function))


def step[F: Callable[..., Any]](function: F) -> F:
    """Compile a part of a kernel; it lives in the caller's cache."""
    return cast(F, numba.njit(**_OPTIONS)(function))


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Compile a small part of a kernel into its caller, saving the call."""
    return cast(F, numba.njit(forceinline=True, **_OPTIONS)(function))
