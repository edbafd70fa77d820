"""How the loops of the year are compiled."""

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop that works on its caller's arrays and makes none itself; plain Python without numba.

    Nobody then need count who holds an array, which would take four fifths of the time, and calls become one
    loop, which saves another third.
    """
    options: dict[str, Any] = {"cache": True, "_nrt": False, "forceinline": True}
    loop: Callable[..., Any] = njit(**options)(function)
    return loop


def called(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop like `compiled`, but as one that others call."""
    options: dict[str, Any] = {"cache": True, "_nrt": False}
    loop: Callable[..., Any] = njit(**options)(function)
    return loop
