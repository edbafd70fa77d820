"""Loops that are compiled once a machine: whether that is still to come, and being told when it happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

COMPILES = "numba:compile"
"""The event numba gives when it finds nothing compiled, neither in memory nor on disk."""


def is_compiled(loop: Any) -> bool:
    """Say whether a loop is there to run: plain Python, compiled by this process, or kept on disk.

    What is on disk counts as numba would have it: of this version of the source, of Python and of numba, for
    a machine like this one.

    Parameters
    ----------
    loop
        A function, compiled by numba's `njit` or not.
    """
    if not hasattr(loop, "py_func") or loop.signatures:
        return True
    kept = getattr(loop._cache, "_cache_file", None)
    if kept is None:
        return False
    loop.targetctx.refresh()
    _, *wanted = loop._cache._index_key(None, loop.targetctx.codegen())
    return any(list(key[1:]) == wanted for key in kept._load_index())


@contextmanager
def while_compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` each time this process begins to compile a loop, as long as the context lasts."""
    with event.install_listener(COMPILES, _Listener(tell)):
        yield


class _Listener(event.Listener):
    """What numba tells of its events."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell = tell

    def on_start(self, event: Any) -> None:
        self.tell()

    def on_end(self, event: Any) -> None:
        """Nothing is told of the end."""
