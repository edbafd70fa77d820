"""What may be wrong, in words for the planner: one root class, all problems of an input at once."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong in an input.

    Parameters
    ----------
    place
        Where: file, row as a spreadsheet counts it (the header is row 1) and column.
    value
        What was found there, as written.
    remedy
        What to do about it.
    """

    place: str
    value: str
    remedy: str

    def __str__(self) -> str:
        found = f" (found {self.value!r})" if self.value else ""
        return f"{self.place}: {self.remedy}{found}"


class EvenfieldError(Exception):
    """Root of all errors that Evenfield raises on purpose."""


class InputError(EvenfieldError):
    """The user's input is wrong; `problems` lists everything found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        super().__init__("\n".join([f"{head} in the input:", *(f"  {p}" for p in self.problems)]))


class NoPlanExists(EvenfieldError):
    """No plan keeps all hard rules; `reasons` says in words which of them clash."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(["No plan keeps all hard rules:", *(f"  {r}" for r in self.reasons)]))


class WorkerKilled(EvenfieldError):
    """Worker processes were killed from outside; of simulated years, `kept` are on disk."""

    def __init__(self, kept: int | None = None, *, of_cluster: bool = False) -> None:
        self.kept, self.of_cluster = kept, of_cluster
        what = "The cluster lost workers or its scheduler" if of_cluster else "A worker process was killed"
        years = "1 finished year is" if kept == 1 else f"{kept or 'no'} finished years are"
        saved = "" if kept is None else f"; {years} kept"
        remedy = "more memory for each worker" if of_cluster else "fewer workers (--workers)"
        super().__init__(f"{what}, often for want of memory{saved}. Run the same again with {remedy}.")


class NoPlanFoundInTime(EvenfieldError):
    """The limit ran out before a plan was found; one may still exist."""
