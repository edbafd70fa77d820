"""A scenario as it is asked for: read, changed by what-ifs, struck by shocks; all that is wrong at once."""

from collections.abc import Sequence
from pathlib import Path

from scenarios.change import Change, find_change
from scenarios.errors import AllProblems, Problem
from scenarios.named_shocks import all_opened, misfits, with_shocks
from scenarios.reading import drafted, locate
from scenarios.scenario import Scenario
from scenarios.structure import as_organized


def opened(
    where: str | Path, changes: Sequence[str | Path] = (), shocks: Sequence[str | Path] = ()
) -> Scenario:
    """Read a scenario, apply what-ifs in order and let shocks happen together.

    Parameters
    ----------
    where
        A folder, or the name of a case in the library.
    changes
        Names or files of what-ifs.
    shocks
        Names or files of shocks.

    Raises
    ------
    InputError
        With every problem of every file: of the scenario, of all what-ifs and of all shocks, as far as one
        does not come of another.
    """
    scenario, problems = drafted(where)
    whole = None if problems else as_organized(scenario)
    return changed(whole or scenario, locate(where), changes, shocks, problems)


def changed(
    scenario: Scenario,
    folder: Path,
    changes: Sequence[str | Path],
    shocks: Sequence[str | Path],
    problems: Sequence[Problem] = (),
) -> Scenario:
    """Apply what-ifs in order and let shocks happen together.

    Parameters
    ----------
    scenario
        Whole, or where there are problems as much of it as there is.
    folder
        Of the scenario: where what-ifs and shocks are looked for.
    changes, shocks
        As in `opened`.
    problems
        Of the scenario.

    Raises
    ------
    InputError
        With these and all others.
    """
    said = AllProblems(problems)
    left = [said.ask(_read, change, folder) for change in changes]
    is_whole = not problems
    while left and (what_if := left[0]) is not None and is_whole:
        before = len(said.found)
        scenario = _applied(what_if, scenario, said)
        is_whole = len(said.found) == before
        left = left[1:]
    named, found = all_opened(shocks, folder)
    said.found += found
    if not left:
        said.found += misfits(scenario, named)
    said.refuse()
    return with_shocks(scenario, *named)


def _read(change: str | Path, folder: Path) -> Change:
    return Change.read(find_change(change, folder))


def _applied(what_if: Change, scenario: Scenario, said: AllProblems) -> Scenario:
    """Apply a what-if; of one that does not fit, as much as can be applied."""
    made = said.ask(what_if.apply, scenario)
    if made is not None:
        return made
    rest = AllProblems().ask(what_if.drafted, scenario)
    return scenario if rest is None else rest[0]
