"""Years that were made up: measures, what they are held against, and the outcome that comes of them."""

import numpy as np
import pandas as pd

from scenarios.budget import Grades
from scenarios.scheme import Scheme
from simulation.blocks import Job, boil_down
from simulation.gathering import Gathering
from simulation.measures import Measures
from simulation.outcome import Outcome
from simulation.yardstick import Yardstick

QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def measures_of(bookings, **others):
    """Measures, [years, reps, quarters]; others are 0, half of all is collected."""
    shape = np.shape(bookings)
    usual = {
        "bookings": np.array(bookings, dtype="float64"),
        "collected": np.array(bookings, dtype="float64") / 2,
        "filled": np.ones(shape),
        **{f: np.zeros((shape[0], 4)) for f in ("house_bookings", "house_collected")},
        **{f: np.zeros(shape[:2]) for f in ("visits_due", "visits_made", "hours_worked", "effort", "quits")},
        **{f: np.zeros(shape[0]) for f in ("unserved_visits", "satisfaction", "lost_waiting")},
        "new_customers": np.zeros(shape[0]),
    }
    return Measures(**{**usual, **{name: np.array(a, dtype="float64") for name, a in others.items()}})


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
        "budget": members @ np.full(len(reps), base + incentive),
        "target_pay": members @ np.full(len(reps), base + incentive),
        "travel": np.zeros(len(reps)),
        "per_rep": 0.0,
        "share_of_sales": 0.0,
        "fixed": 0.0,
        "scheme": Scheme(),
        "grades": Grades(),
    }
    return Yardstick(
        units=tuple(units),
        members=members,
        asked=by_unit,
        reps=pd.DataFrame({"base_pay": base, "target_incentive": incentive}, index=reps),
        quota=pd.DataFrame(asked, index=reps, columns=list(QUARTERS)),
        planned=np.ones(asked.shape),
        days=np.array([90.0, 91.0, 92.0, 92.0]),
        paid_on_bookings=True,
        target=float(target),
        **{**usual, **others},
    )


def outcome_of(measures, held, *, seed=1, rows=False, **others) -> Outcome:
    """The outcome of some years that are one block."""
    gathered = Gathering(Job(None, held, seed, rows=rows))
    gathered.add(boil_down(measures, held, rows=rows))
    plan = type("Plan", (), {"name": "plan", "quota": held.quota})
    scenario = type("Scenario", (), {"digest": others.get("digest", "abc")})
    asked = len(measures.satisfaction)
    return gathered.outcome(scenario, plan, asked=asked, precision=None, stopped="years done", notes=())
