"""What may be wrong, in words for the planner: one root class, all problems of an input at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Made = TypeVar("Made")


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


def row_of(place: str, position: int, column: str) -> str:
    """Name a cell for a message; rows count as in a spreadsheet, where the header is row 1."""
    return f"{place} row {position + 2}, {column}"


class EvenfieldError(Exception):
    """Root of all errors that Evenfield raises on purpose."""


class InputError(EvenfieldError):
    """The user's input is wrong; `problems` lists everything found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        super().__init__("\n".join([f"{head} in the input:", *(f"  {p}" for p in self.problems)]))


class AllProblems:
    """Collects what is wrong with several inputs, to say all of it at once."""

    def __init__(self, found: Sequence[Problem] = ()) -> None:
        self.found = list(found)

    def ask(self, make: Callable[..., Made], *given: Any) -> Made | None:
        """Make something; of what cannot be made, note why and give nothing."""
        try:
            return make(*given)
        except InputError as error:
            self.found += error.problems
            return None

    def refuse(self) -> None:
        """Go on only where nothing is wrong.

        Raises
        ------
        InputError
            With everything found, each problem once.
        """
        if self.found:
            raise InputError(list(dict.fromkeys(self.found)))


class NoPlanExists(EvenfieldError):
    """No plan keeps all hard rules; `reasons` says in words which of them clash, `remedy` what else to do."""

    def __init__(self, reasons: Sequence[str], remedy: str = "") -> None:
        self.reasons = tuple(reasons)
        self.remedy = remedy
        lines = ["No plan keeps all hard rules:", *(f"  {r}" for r in self.reasons), remedy]
        super().__init__("\n".join(line for line in lines if line))


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
