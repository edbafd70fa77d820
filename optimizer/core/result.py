"""A result tells why it stopped and how far off the best it may be."""

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from optimizer.core.certificate import Certificate

Status = Literal["optimal", "within gap", "time limit", "work limit", "stopped improving", "interrupted"]


@dataclass(frozen=True)
class Result:
    """How a plan was found.

    Parameters
    ----------
    status
        Why the search stopped: "optimal" (proved), "within gap" (proved to be within the wanted gap of the
        best), "time limit", "work limit", "stopped improving" (nothing better was found for long) or
        "interrupted".
    objective
        Money lost a year against giving every customer its best eligible rep, balance penalties included.
    bound
        No plan that keeps the hard rules, and what `within` says, has a smaller objective.
    seconds
        Wall time.
    engine
        Which solver.
    log
        What was done and why, in sentences.
    certificate
        Prices of the limits that prove a bound, whoever found them; none where nothing was proved so.
    within
        What the plans that the bound is about do besides keeping the hard rules, e.g. "stands as well in
        balance"; "": the bound is about all of them.
    """

    status: Status
    objective: float
    bound: float
    seconds: float
    engine: str
    log: tuple[str, ...] = ()
    certificate: Certificate | None = field(default=None, compare=False)
    within: str = ""

    @property
    def words(self) -> dict[str, Any]:
        """All but the certificate, as JSON takes it."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "certificate"}

    @property
    def gap(self) -> float:
        """(objective - bound) / |objective|, a fraction; 0 where the objective is 0."""
        apart = self.objective - self.bound
        return 0.0 if apart <= 1e-9 else apart / abs(self.objective)
