"""Schemes from Python: compare some, see what each pays, make candidates for a search."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evenfield.scheme_candidates import candidates_of, range_of, usual_ranges
from evenfield.scheme_past import past_pay
from evenfield.scheme_study import SchemeStudy, scheme_study, with_schemes
from evenfield.terminal import say
from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from scenarios.pay_checks import problems_of_scheme
from scenarios.scheme import Scheme
from scenarios.scheme_files import fitting_scheme
from simulation.paying.outlook import outlooks
from simulation.paying.payroll import payroll

Numbers = NDArray[np.float64]

YEARS = 100
"""Years, where neither their number nor a precision is asked for."""

HIGHEST = 1.6
"""Attainment up to which pay is shown."""


def compare_schemes(
    scenario: Scenario,
    plan: Plan,
    schemes: Sequence[Scheme | str],
    *,
    seed: int = 1,
    replications: int | None = None,
    precision: float | None = None,
    workers: int = 1,
    sensitivity_years: int = 0,
    gaming_years: int = 0,
) -> SchemeStudy:
    """Live through the same years under each scheme, reps answering it, and judge the differences.

    Parameters
    ----------
    scenario, plan
        The company, its owners and quotas, the same under all.
    schemes
        Schemes, files or names of the library. The first is the reference; beside one alone the scenario's
        own is.
    seed
        Name of the luck.
    replications, precision
        As in `simulate`; 100 years without both.
    workers
        Processes to work in.
    sensitivity_years
        Years under each other assumption about behavior; 0: none.
    gaming_years
        Years with reps who play with time and with reps who do not; 0: none.

    Raises
    ------
    InputError
        If a scheme cannot be read, or does not fit the scenario; all problems at once.
    """
    if replications is None and precision is None:
        replications = YEARS
    named = named_schemes(scenario, schemes)
    return scheme_study(
        with_schemes(scenario, named),
        plan,
        next(iter(named)),
        seed=seed,
        replications=replications,
        precision=precision,
        workers=workers,
        sensitivity_years=sensitivity_years,
        gaming_years=gaming_years,
    )


def pay_on_past_results(scenario: Scenario, plan: Plan, schemes: Sequence[Scheme | str]) -> pd.DataFrame:
    """Say what the last twelve months would have paid under each scheme, nobody selling otherwise.

    Parameters
    ----------
    scenario, plan
        The company, its owners and quotas.
    schemes
        Schemes, files or names of the library.

    Returns
    -------
    Pay in money, a row a rep, a column a scheme.
    """
    table = past_pay(with_schemes(scenario, _by_name(_read(scenario, schemes))), plan)
    return table.pivot_table("pay", "rep", "scheme", sort=False)


def pay_curves(
    scenario: Scenario, plan: Plan, schemes: Sequence[Scheme | str]
) -> dict[str, tuple[Numbers, Numbers]]:
    """Give what the first quarter pays by attainment, of the rep with the median target incentive.

    Parameters
    ----------
    scenario, plan
        The company, its owners and quotas.
    schemes
        Schemes, files or names of the library.

    Returns
    -------
    Attainment and pay over the quarter's part of the target incentive, by name of the scheme; for
    `plots.draw_curves`.
    """
    return curves_of(with_schemes(scenario, _by_name(_read(scenario, schemes))), plan)


def curves_of(scenarios: Mapping[str, Scenario], plan: Plan) -> dict[str, tuple[Numbers, Numbers]]:
    """Give what `pay_curves` does, of scenarios by name of their scheme; none where nobody has a quota."""
    lines = {}
    at = np.linspace(0, HIGHEST, 321)
    for name, scenario in scenarios.items():
        roll = payroll(scenario, plan.quota)
        reps = roll.people.reps
        asked = roll.people.quota[:reps].reshape(reps, 4, 3).sum(axis=2)[:, 0] / 100
        able = sorted(np.flatnonzero(asked > 0).tolist(), key=lambda r: roll.people.incentive[r])
        if not able:
            continue
        rep = able[len(able) // 2]
        paid = outlooks(scenario.scheme, roll.people, roll.before)[rep][0].pay(at * asked[rep])
        share = asked[rep] / (roll.people.quota[rep].sum() / 100)
        worth = roll.people.incentive[rep] / 100 * share
        lines[name] = (at, paid / worth if worth else paid)
    return lines


def scheme_candidates(
    scheme: Scheme, vary: Mapping[str, Sequence[Any]] | None = None
) -> list[tuple[dict[str, Any], Scheme]]:
    """Make candidates for `search_schemes`: every combination of some settings.

    Parameters
    ----------
    scheme
        Where all else comes from.
    vary
        Values by setting, such as {"commission.cap": [1.2, None]}; entries of lists count from 1. Not given:
        top rate, share and cap of commissions.

    Returns
    -------
    Settings and scheme of each.

    Raises
    ------
    InputError
        If the scheme has no such setting, there are too many combinations, or one is no sound scheme.
    """
    if vary is None:
        return candidates_of(scheme, usual_ranges(scheme))
    return candidates_of(scheme, [range_of(name, tuple(values), scheme) for name, values in vary.items()])


def named_schemes(
    scenario: Scenario, schemes: Sequence[Scheme | str], folder: Path | None = None
) -> dict[str, Scheme]:
    """Read schemes, all problems at once, and name them; beside one alone the scenario's own is the first.

    Parameters
    ----------
    schemes
        Schemes, files or names.
    folder
        The scenario's, for names of schemes beside it.

    Raises
    ------
    InputError
        If none is named, or some cannot be read.
    """
    read = _read(scenario, schemes, folder)
    return _by_name([scenario.scheme, *read] if len(read) == 1 else read)


def _read(scenario: Scenario, schemes: Sequence[Scheme | str], folder: Path | None = None) -> list[Scheme]:
    """Read schemes and hold each against the scenario, in the words of its own file."""
    problems: list[Problem] = []
    read: list[Scheme] = []
    for one in schemes:
        try:
            read.append(chosen_scheme(scenario, one, folder))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    if not schemes:
        remedy = "name one at least, a file or a name of the library, such as straight-commission"
        raise InputError([Problem("--scheme", "", remedy)])
    return read


def chosen_scheme(scenario: Scenario, one: Scheme | str, folder: Path | None) -> Scheme:
    """Read a scheme that fits a scenario; of the library's, what means nobody there is left out, and said.

    Parameters
    ----------
    one
        A scheme, a file or a name.
    folder
        The scenario's, for names of schemes beside it.

    Raises
    ------
    InputError
        If it cannot be read, or does not fit the scenario.
    """
    if isinstance(one, Scheme):
        problems = problems_of_scheme(scenario, one, f"scheme {one.name}, ")
        if problems:
            raise InputError(problems)
        return one
    found = fitting_scheme(one, scenario, folder)
    if found.weights:
        raise InputError(list(found.weights))
    for note in found.notes:
        say(f"Note: {note}")
    return found.scheme


def _by_name(schemes: Sequence[Scheme]) -> dict[str, Scheme]:
    """Name schemes; those of one name are numbered."""
    named: dict[str, Scheme] = {}
    for scheme in schemes:
        name, number = scheme.name, 2
        while name in named:
            name, number = f"{scheme.name} ({number})", number + 1
        named[name] = scheme
    return named
