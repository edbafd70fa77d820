"""When to stop, and what people see while they wait: best, bound, gap and seconds."""

import sys
import time
from collections.abc import Callable

import numpy as np

from optimizer.core.result import Status

Progress = Callable[[float | None, float | None, float | None, float], None]
"""Told the best cost, the bound, the gap between them (None where not known yet) and the seconds gone."""

EVERY = 0.2
"""Seconds between two words of progress, at least."""


class Watch:
    """Keeps the best cost and bound so far, and says when enough is enough.

    Parameters
    ----------
    time_limit
        Seconds of wall time; inf for none.
    work_limit
        Steps of search; None for none. The same answer on every machine where no time limit cuts it.
    gap
        Good enough: (best - bound) / |best|.
    progress
        Whom to tell.
    """

    def __init__(
        self, time_limit: float, work_limit: float | None, gap: float, progress: Progress | None = None
    ) -> None:
        self.began = time.perf_counter()
        self.time_limit = time_limit
        self.work_limit = np.inf if work_limit is None else float(work_limit)
        self.gap = gap
        self.progress = progress
        self.best = np.inf
        self.bound = -np.inf
        self.work = 0.0
        self.interrupted = False
        self._told = -np.inf

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    @property
    def seconds_left(self) -> float:
        """Seconds until the time limit; inf for none."""
        return max(self.time_limit - self.seconds, 0.0)

    def reached(self) -> float:
        """Give the gap so far; inf where there is no plan or no bound yet."""
        if not (np.isfinite(self.best) and np.isfinite(self.bound)):
            return np.inf
        return float(max(self.best - self.bound, 0.0) / max(abs(self.best), 1e-9))

    def tell(self, *, best: float = np.inf, bound: float = -np.inf) -> None:
        """Take note of a cost or a bound, and pass it on."""
        news = best < self.best
        self.best, self.bound = min(self.best, best), max(self.bound, bound)
        if self.progress is None or (not news and self.seconds - self._told < EVERY):
            return
        self._told = self.seconds
        known = [
            float(value) if np.isfinite(value) else None for value in (self.best, self.bound, self.reached())
        ]
        self.progress(known[0], known[1], known[2], self.seconds)

    def part(self, share: float, most_work: float = np.inf) -> "Watch":
        """Give a watch for a part of what is left of time and work; what it learns, this one learns."""
        if share >= 1.0:
            return self
        part = _Part(self.seconds + share * self.seconds_left, None, self.gap)
        part.began = self.began
        part.work, part.work_limit = (
            self.work,
            self.work + min(share * (self.work_limit - self.work), most_work),
        )
        part.best, part.bound, part.whole = self.best, self.bound, self
        return part

    def relay(self, best: float | None, bound: float | None, gap: float | None, seconds: float) -> None:
        """Take note of another engine's progress."""
        self.tell(best=np.inf if best is None else best, bound=-np.inf if bound is None else bound)

    def verdict(self) -> Status | None:
        """Say why to stop now, or None to go on."""
        if self.interrupted:
            return "interrupted"
        if self.reached() <= 1e-9:
            return "optimal"
        if self.reached() <= self.gap:
            return "within gap"
        if self.seconds >= self.time_limit:
            return "time limit"
        if self.work >= self.work_limit:
            return "work limit"
        return None


class _Part(Watch):
    """A watch that shares what it learns with another."""

    whole: Watch

    @property
    def interrupted(self) -> bool:
        """Whether people asked to stop, here or in the whole."""
        return self.whole.interrupted

    @interrupted.setter
    def interrupted(self, value: bool) -> None:
        # The first value is set before there is a whole.
        if value:
            self.whole.interrupted = True

    def tell(self, *, best: float = np.inf, bound: float = -np.inf) -> None:
        self.best, self.bound = min(self.best, best), max(self.bound, bound)
        self.whole.work = self.work
        self.whole.tell(best=best, bound=bound)


def peak_memory() -> int:
    """Give the most memory this process has held so far, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
