"""Memory for one year after another: arrays whose memory is used again when nobody holds them any more.

To ask the system anew for what a year needs, page by page, takes about a tenth of a year.
"""

import sys
import threading
from collections import defaultdict
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOBODY = max(sys.getrefcount(piece) for piece in [np.empty(0)])
"""References to an array in a list that is looked at, while nobody else holds it or a part of it."""

SPARE = 2
"""Pieces of memory kept for a purpose, beside those that are held."""


class _Lender(threading.local):
    """The memory of a thread, by purpose."""

    def __init__(self) -> None:
        self.pieces: defaultdict[str, list[NDArray[np.uint8]]] = defaultdict(list)


_LENDER = _Lender()


def lend(purpose: str, shape: int | tuple[int, ...], kind: Any) -> NDArray[Any]:
    """Give an array with nothing written in it.

    Parameters
    ----------
    purpose
        What it is for; arrays of one purpose are of about the same size.
    shape, kind
        As of `numpy.empty`.
    """
    kind = np.dtype(kind)
    size = (prod(shape) if isinstance(shape, tuple) else shape) * kind.itemsize
    pieces = _LENDER.pieces[purpose]
    is_free = [sys.getrefcount(piece) <= NOBODY for piece in pieces]
    free = [piece for piece, nobody in zip(pieces, is_free, strict=True) if nobody and len(piece) >= size]
    held = [piece for piece, nobody in zip(pieces, is_free, strict=True) if not nobody]
    if not free:
        free = [np.empty(size + size // 4, dtype=np.uint8)]
    _LENDER.pieces[purpose] = held + free[:SPARE]
    return free[0][:size].view(kind).reshape(shape)


def lend_copy(purpose: str, table: NDArray[Any]) -> NDArray[Any]:
    """Give a copy of an array, made byte by byte: numpy would go through rows field by field."""
    copied = lend(purpose, table.nbytes, np.uint8)
    copied[...] = np.ascontiguousarray(table).reshape(-1).view(np.uint8)
    return copied.view(table.dtype).reshape(table.shape)
