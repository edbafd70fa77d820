"""Ways of bettering a plan, and how much of the work each deserves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FIRST_WORK, USUAL_GAIN = 1e6, 1.0
"""What we believe of a way before it is tried: steps, and what they gain in usual stakes."""

LEAST_SHARE = 0.1
"""Least weight of a way to better a plan, in the weight of the best."""


@dataclass(eq=False)
class Way:
    """A way to better the plan: what it has gained for how much work, of late more than long ago, and when
    its turn is, in work over weight.
    """

    run: Callable[[], np.ndarray | None]
    work: float = 0.0
    gain: float = 0.0
    turn: float = 0.0

    def rate(self, usual: float) -> float:
        """Gain for a step; `usual` is what we believe its first work gains."""
        return (self.gain + usual) / (self.work + FIRST_WORK)

    def learn(self, work: float, gain: float, weight: float) -> None:
        """Take note of a turn; the more weight, the sooner the next."""
        self.work, self.gain = 0.9 * self.work + work, 0.9 * self.gain + gain
        self.turn += work / weight
