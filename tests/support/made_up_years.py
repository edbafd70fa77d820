"""Years that were made up: measures, what they are held against, and the outcome that comes of them."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd

from scenarios.budget import Grades
from scenarios.scheme import Scheme
from simulation.accounting.measures import Measures
from simulation.accounting.yardstick import Yardstick
from simulation.paying.crediting import Sharing
from simulation.paying.payroll import Payroll
from simulation.paying.people import only_reps
from simulation.paying.results import Account, Results
from simulation.replicating.blocks import Job, boil_down
from simulation.replicating.gathering import Gathering
from simulation.replicating.outcome import Outcome

OF_REPS = {"visits_due", "visits_made", "hours_worked", "road_hours", "effort", "quits"}
OF_QUARTERS = {"content", "served", "held", "pulled_in", "discounts", "lost_by_timing"}
QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def measures_of(bookings, **others):
    """Measures, [years, reps, quarters]; others are 0, half of all is collected."""
    years, reps, quarters = np.shape(bookings)
    given = {name: np.array(values, dtype="float64") for name, values in others.items()}
    given["bookings"] = np.array(bookings, dtype="float64")
    given.setdefault("collected", given["bookings"] / 2)
    given.setdefault("filled", np.ones((years, reps, quarters)))
    for name in (field.name for field in dataclasses.fields(Measures)):
        longer = reps if name in OF_REPS else quarters if name.startswith("house_") else None
        longer = 12 if name.endswith("_by_month") else longer
        shape = years if longer is None else (years, longer)
        given.setdefault(name, np.zeros((years, reps, quarters) if name in OF_QUARTERS else shape))
    return Measures(**given)


def held_against(quota, target, *, teams=(), base=20.0, incentive=10.0, **others):
    """Quotas by rep of a quarter, the same in all four; teams as (name, its reps)."""
    reps = list(quota)
    asked = np.array([[quota[rep]] * 4 for rep in reps], dtype="float64")
    members = [np.eye(len(reps)), *[[[float(rep in of) for rep in reps]] for _, of in teams]]
    members = np.concatenate([*members, np.ones((1, len(reps)))])
    units = [("rep", rep) for rep in reps] + [("team", name) for name, _ in teams] + [("company", "company")]
    by_unit = members @ asked
    by_unit[-1] = target / 4
    usual = {
        "before": np.full(by_unit.shape, np.nan),
        "budget": members @ np.full(len(reps), base + incentive),
        "target_pay": members @ np.full(len(reps), base + incentive),
        "travel_rates": np.zeros(len(reps)),
        "per_rep": 0.0,
        "share_of_sales": 0.0,
        "fixed": 0.0,
        "grades": Grades(),
    }
    return Yardstick(
        units=tuple(units),
        members=members,
        asked=by_unit,
        roll=Payroll(
            Scheme(), _people(reps, asked, base, incentive), date(2027, 1, 1), (None,) * len(reps), {}
        ),
        sharing=Sharing.none(1, 1),
        reps=pd.Index(reps),
        quota=pd.DataFrame(asked, index=reps, columns=list(QUARTERS)),
        days=np.array([90.0, 91.0, 92.0, 92.0]),
        target=float(target),
        **{**usual, **others},
    )


def _people(reps, asked, base, incentive):
    pay = {"base_pay": base, "target_incentive": incentive}
    days = np.array([30, 30, 30, 30, 30, 31, 30, 31, 31, 30, 31, 31])
    quota = pd.DataFrame(asked, index=reps, columns=list(QUARTERS))
    return only_reps(Scheme(), pd.DataFrame(pay, index=reps), quota, np.tile(days, (len(reps), 1)), days)


def results_of(measures):
    """Bookings as they are credited for pay, each quarter's in its first month."""
    years, reps, quarters = measures.bookings.shape
    monthly = np.zeros((years, reps, quarters, 3), np.int64)
    monthly[..., 0] = np.rint(measures.bookings * 100)
    return Results({Account("bookings"): monthly.reshape(years, reps, 12)}, filled=measures.filled)


def outcome_of(measures, held, *, seed=1, rows=False, **others) -> Outcome:
    """The outcome of some years that are one block."""
    gathered = Gathering(Job(None, held, seed, rows=rows))
    gathered.add(boil_down(measures, results_of(measures), held, rows=rows))
    plan = type("Plan", (), {"name": "plan", "quota": held.quota})
    scenario = type("Scenario", (), {"digest": others.get("digest", "abc")})
    asked = len(measures.satisfaction)
    return gathered.outcome(scenario, plan, asked=asked, precision=None, stopped="years done", notes=())
