"""The schemes of the library pay in every company of the library, and as much as they promise."""

from pathlib import Path

import numpy as np
import pytest

import scenarios
from optimizer import todays_book
from scenarios import read
from scenarios.scheme_files import read_scheme
from simulation import simulate
from simulation.paying.linting.linter import lint

SCHEMES = sorted(
    path.stem for folder in scenarios.__path__ for path in Path(folder, "library", "schemes").glob("*.toml")
)


@pytest.mark.parametrize(("company", "years"), [("two_towns", 2), ("superstore", 1)])
def test_every_scheme_lives_through_years(company: str, years: int) -> None:
    assert len(SCHEMES) >= 6
    scenario = read(company)
    plan = todays_book(scenario)
    base = scenario.reps["base_pay"].sum()
    for name in SCHEMES:
        outcome = simulate(scenario.replace(scheme=read_scheme(name)), plan, replications=years)
        paid = outcome.years["pay"].to_numpy()
        assert paid.shape == (years,)
        assert np.isfinite(paid).all()
        assert (paid > 0.5 * base).all()


@pytest.mark.parametrize("name", SCHEMES)
def test_at_100_percent_a_rep_earns_the_target_incentive(name: str) -> None:
    judged = lint(read_scheme(name))
    rep = next(it for it in judged.followed if it.subject.role == "rep")
    assert rep.subject.incentive == 40_000_00
    assert rep.year.at(1.0) == pytest.approx(rep.subject.incentive, rel=0.05)
    assert not [f for f in judged.faults if f.kind == "weights"]
