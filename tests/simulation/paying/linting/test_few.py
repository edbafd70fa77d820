"""A subject with everybody else put together earns what it earns among everybody."""

import numpy as np
import pandas as pd
import pytest

from optimizer import todays_book
from scenarios import read
from scenarios.scheme_files import read_scheme
from simulation.paying.linting.paying import TERMS, Payer
from simulation.paying.linting.subject import everybody
from simulation.paying.pay import pay


def in_full(payer, results):
    """Compute the year's pay of everybody, and take the subject's."""
    subject = payer.subject
    made = pay(subject.scheme, subject.people, results, subject.year, subject.starts)
    who = subject.person
    found = {name: paid[..., who, :].sum(axis=-1) for name, paid in made.elements.items()}
    found |= {term: getattr(made, term)[..., who, :].sum(axis=-1) for term in TERMS}
    return found | {"draws": found["draws"] - made.owed[..., who]}


@pytest.fixture(scope="module")
def company():
    """Superstore with a manager over two teams' reps, and one who supports two reps."""
    plain = read("superstore")
    teams, reps = sorted(set(plain.reps["team"]) - {""}), list(plain.reps.index)
    never = {"start": pd.NaT, "end": pd.NaT}
    rows = {
        "boss": {"name": "B", "role": "manager", "teams": teams[0], "supports": "", **never},
        "help": {"name": "H", "role": "support", "teams": "", "supports": f"{reps[0]};{reps[1]}", **never},
    }
    staff = pd.DataFrame.from_dict(rows, orient="index").assign(base_pay=50_000.0, target_incentive=20_000.0)
    return plain.replace(staff=staff.rename_axis("person")[list(plain.staff.columns)])


@pytest.mark.parametrize("name", ["kpi-scorecard-zh", "enterprise-team", "quota-bonus"])
def test_who_is_judged_earns_the_same_among_few(company, name):
    scheme = read_scheme(name).model_copy(update={"differentials": ()})
    subjects, _ = everybody(company, scheme, todays_book(company).quota)
    subjects = subjects[0] if isinstance(subjects, tuple) else subjects
    for role in dict.fromkeys(subject.role for subject in subjects):
        subject = next(one for one in subjects if one.role == role)
        payer = Payer(subject)
        results = payer.results(payer.even([0.0, 0.63, 0.9, 1.0, 1.17, 2.0]))
        found, full = payer.earned(results), in_full(payer, results)
        assert set(found) == set(full)
        for part, paid in full.items():
            assert np.array_equal(found[part], paid), (role, part)
        assert len(payer.few.people) <= 6
