"""How much a scheme invites to move deals over the end of a quarter."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.paying.outlook import Outlook

Numbers = NDArray[np.float64]

SHIFTED = 0.1
"""Part of the quarter's quota that is moved over its end to say how much a scheme invites it."""


def gaming(views: Sequence[Outlook], quota: Numbers, worth: Numbers) -> float:
    """Say how much a scheme invites to move deals over a quarter's end: the mean over reps of the largest
    gain.

    Moved is a tenth of the quarter's quota, from any place of one quarter to any of the next; the gain is a
    share of the quarter's target incentive. 0 for pay that is linear.

    Parameters
    ----------
    views
        Of a quarter, by rep.
    quota, worth
        Of the quarter: quota and target incentive, money, [reps]. Who has no quota or no target incentive
        is left out.
    """
    gains = [
        _largest_gain(view, float(asked)) / float(most)
        for view, asked, most in zip(views, quota, worth, strict=True)
        if asked > 0 and most > 0
    ]
    return float(np.mean(gains)) if gains else 0.0


def _largest_gain(view: Outlook, quota: float) -> float:
    x = np.linspace(0, 1.5 * quota, 61)
    moved = SHIFTED * quota
    given = view.pay(np.maximum(x - moved, 0)) - view.pay(x)
    taken = view.pay(x + moved) - view.pay(x)
    return max(0.0, float(given[x >= moved].max() + taken.max()))
