"""Where to write names on a map so that they do not cover each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]

# Tried in this order: the side a label stands on, as (dx, dy) of its center in units of (half its width +
# gap, half its height + gap).
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
DISTANCES = (1.0, 2.0, 4.0, 7.0)
DOT_AREA = 12.0


def place(
    x: Array,
    y: Array,
    widths: Sequence[float],
    height: float,
    gap: float,
    dots: Array | None = None,
    frame: Sequence[float] = (-np.inf, np.inf, -np.inf, np.inf),
) -> Array:
    """Place one label beside each point.

    Parameters
    ----------
    x, y
        The points, in pixels.
    widths
        Of the labels, in pixels.
    height
        Of every label, in pixels.
    gap
        Between a point and its label, in pixels.
    dots
        Shape (dots, 2), in pixels: what labels had better not cover either.
    frame
        West, east, south and north edge of the page, in pixels: where a label can be read.

    Returns
    -------
    array, shape (points, 2)
        Centers of the labels. Each is on the side, and at the distance, where it covers least of points, dots
        and the labels placed before it; the nearest of those.
    """
    if dots is None:
        dots = np.empty((0, 2))
    boxes = [(px - gap, px + gap, py - gap, py + gap) for px, py in zip(x, y, strict=True)]
    centers = np.empty((len(x), 2))
    for i, width in enumerate(widths):
        places = [
            (x[i] + dx * (width / 2 + gap * far), y[i] + dy * (height / 2 + gap * far))
            for far in DISTANCES
            for dx, dy in SIDES
        ]
        boxed = [_box(*center, width, height) for center in places]
        cost = [_shared(box, boxes) + _outside(box, frame) + DOT_AREA * _within(box, dots) for box in boxed]
        best = int(np.argmin(cost + DOT_AREA * 0.5 * np.repeat(DISTANCES, len(SIDES))))
        centers[i] = places[best]
        boxes.append(boxed[best])
    return centers


def _box(x: float, y: float, width: float, height: float) -> Box:
    return (x - width / 2, x + width / 2, y - height / 2, y + height / 2)


def _shared(box: Box, others: list[Box]) -> float:
    """Sum the areas a label would share with points and labels."""
    west, east, south, north = box
    return sum(
        max(0.0, min(east, b[1]) - max(west, b[0])) * max(0.0, min(north, b[3]) - max(south, b[2]))
        for b in others
    )


def _within(box: Box, dots: Array) -> int:
    """Count the dots a label would cover."""
    west, east, south, north = box
    x, y = dots.T
    return int(np.count_nonzero((x > west) & (x < east) & (y > south) & (y < north)))


def _outside(box: Box, frame: Sequence[float]) -> float:
    """Measure what of a label is off the page, all the more the farther it sticks out."""
    out = max(frame[0] - box[0], box[1] - frame[1], frame[2] - box[2], box[3] - frame[3], 0.0)
    return out * 10 * (box[3] - box[2])
