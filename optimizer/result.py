"""A result tells why it stopped and how far off the best it may be."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["optimal", "within gap", "time limit", "work limit", "interrupted"]


@dataclass(frozen=True)
class Result:
    """How a plan was found.

    Parameters
    ----------
    status
        Why the search stopped: "optimal" (proved), "within gap" (proved to be within the wanted gap of the
        best), "time limit", "work limit" or "interrupted".
    objective
        Money lost a year against giving every customer its best eligible rep, balance penalties included.
    bound
        No plan that keeps the hard rules has a smaller objective.
    seconds
        Wall time.
    engine
        Which solver.
    """

    status: Status
    objective: float
    bound: float
    seconds: float
    engine: str

    @property
    def gap(self) -> float:
        """(objective - bound) / |objective|, a fraction; 0 where the objective is 0."""
        apart = self.objective - self.bound
        return 0.0 if apart <= 1e-9 else apart / abs(self.objective)
