"""Who has which color: the same in every plot, told apart by people with any color vision.

Colors are Paul Tol's "muted" scheme (personal.sron.nl/~pault, note SRON/EPS/TN/09-002), made for up to nine
categories. Where there are more reps than colors, those who share one live far apart and have another marker.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COLORS = ("#332288", "#CC6677", "#117733", "#DDCC77", "#882255", "#44AA99", "#AA4499", "#88CCEE", "#999933")
SYMBOLS = (
    "circle",
    "diamond",
    "square",
    "triangle-up",
    "triangle-down",
    "pentagon",
    "hexagram",
    "star-square",
)

INK = "#1f2933"
FAINT_INK = "#66707a"
RULE = "#d9dde1"
NOBODY = "#b5bac0"
BEFORE = "#9aa3ad"
AFTER = "#1f5fa8"
VERDICTS = {
    "better": "#1f5fa8",
    "worse": "#c2570c",
    "not distinguishable yet": "#8a939c",
    "the same": "#8a939c",
}
QUARTERS = ("#12355b", "#2f6aa6", "#7aa6d1", "#c3d7ea")

FONT = (
    '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, '
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif'
)


@dataclass(frozen=True)
class Look:
    """How one rep is drawn.

    Parameters
    ----------
    color
        As `"#rrggbb"`.
    symbol
        A marker of plotly's.
    """

    color: str
    symbol: str


def looks(reps: pd.DataFrame) -> dict[str, Look]:
    """Give every rep a color and a marker that nobody else has.

    Parameters
    ----------
    reps
        Index `rep`; columns latitude and longitude in degrees (may be missing).

    Returns
    -------
    dict
        By rep. Beyond nine reps a color is used again, always the one whose nearest user lives farthest away,
        with the next marker; beyond 9 x 8 = 72 reps looks repeat.
    """
    homes = reps[["longitude", "latitude"]].to_numpy(dtype=float)
    chosen: list[int] = []
    given: dict[str, Look] = {}
    for i, rep in enumerate(reps.index):
        color = i if i < len(COLORS) else _least_used_then_farthest(homes[i], homes[:i], np.array(chosen))
        given[str(rep)] = Look(COLORS[color], SYMBOLS[chosen.count(color) % len(SYMBOLS)])
        chosen.append(color)
    return given


def _least_used_then_farthest(
    home: NDArray[np.float64], homes: NDArray[np.float64], chosen: NDArray[np.intp]
) -> int:
    """Among the colors used least, take the one whose nearest user is farthest from this home."""
    uses = np.bincount(chosen, minlength=len(COLORS))
    away = np.nan_to_num(np.hypot(*(homes - home).T))
    candidates = np.flatnonzero(uses == uses.min())
    nearest = [away[chosen == color].min() for color in candidates]
    return int(candidates[int(np.argmax(nearest))])
