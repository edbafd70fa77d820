"""What would have paid more, by hand: Ann has 40,000 incentive on a quota of 4 x 250,000."""

from datetime import date

import numpy as np
from payroll import DAYS, in_first_months, people

from scenarios.scheme import Scheme
from simulation.paying.crediting import Credits, Ledger
from simulation.paying.payroll import Payroll
from simulation.paying.results import Account, Results
from simulation.paying.statement import Books
from simulation.paying.tracing import Tracer
from simulation.paying.whatif import more_sales, next_steps


def tracer(elements, *quarters, reps=None):
    scheme = Scheme.model_validate({"elements": elements})
    who = people(scheme, reps)
    accounts = {Account("bookings"): in_first_months(np.array(quarters, dtype=float).reshape(len(who), 4))}
    empty = np.empty(0, np.int64)
    nothing = Ledger(empty.astype(float), *([empty] * 5), empty.astype(bool), empty)
    roll = Payroll(scheme, who, date(2026, 1, 1), (None,) * len(who), {})
    ends = np.cumsum(DAYS).astype(float)
    return Tracer(
        Books(roll, Results(accounts), nothing, Credits(*([empty] * 4)), roll.year, ends, ("",), ())
    )


COMMISSION = {
    "kind": "commission",
    "weight": 1.0,
    "tiers": [{"at": 0, "rate": 1.0}, {"at": 1.0, "rate": 2.0}],
}
BONUS = {"kind": "bonus", "amount": 3000.0, "steps": [{"at": 0.8, "pays": 0.5}, {"at": 1.0, "pays": 1.0}]}


def test_ten_per_cent_more_sales_pay_at_the_rates_they_reach():
    found = tracer({"c": COMMISSION}, 250_000, 100_000, 0, 0)
    # 4 % on 100,000; beyond quota 8 %: 10,000 + 4,000 + 25,000 x 8 % + 10,000 x 4 %
    assert more_sales(found, 0, 0.1) == (60_000 + 10_000 + 4_000 + 2_000 + 400) * 100


def test_the_nearest_step_comes_first_with_what_is_missing_and_what_it_pays():
    made = tracer({"c": COMMISSION, "b": {**BONUS}} | {"c": {**COMMISSION}}, 240_000, 150_000, 0, 300_000)
    steps = next_steps(made, made.statement(0))
    said = [(s.payment.name, s.payment.number, float(s.at), s.missing, s.gain) for s in steps]
    # The first quarter lacks 10,000: 400 of commission and half the bonus.
    assert said[0] == ("b", 0, 1.0, 10_000_00, 400_00 + 1500_00)
    assert ("b", 1, 0.8, 50_000_00, 2000_00 + 1500_00) in said
    assert not [s for s in said if s[1] == 3]  # beyond the last step


def test_a_managers_next_step_is_the_teams():
    lead = {"kind": "bonus", "roles": ["manager"], "of": "team", "amount": 100.0}
    reps = {"ann": {"team": "west"}, "mia": {"team": "west", "role": "manager", "quota": [0.0] * 4}}
    made = tracer({"c": COMMISSION, "lead": lead}, *[200_000] * 4, *[0] * 4, reps=reps)
    step = next_steps(made, made.statement(1))[0]
    assert (step.missing, step.gain) == (50_000_00, 100_00)
    assert more_sales(made, 1, 0.25) - made.statement(1).total == 4 * 100_00
