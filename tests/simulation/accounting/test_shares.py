"""Satisfaction, visits kept, cost and scores, as a scheme reads them."""

import numpy as np
import pandas as pd
import pytest
from made_up_years import held_against, measures_of

from scenarios.pay_measures import Gauge
from scenarios.scheme import Scheme
from simulation import simulate
from simulation.accounting.credited import credited, joined
from simulation.accounting.journal import What
from simulation.accounting.measures import Measures, measure
from simulation.accounting.shares import cost_over_budget, shares_of_year
from simulation.accounting.yardstick import yardstick
from simulation.company.year import Year, live_a_year
from simulation.luck.fate import draw
from simulation.paying.payroll import scored
from simulation.paying.results import Results, value_of
from simulation.replicating import replications
from simulation.replicating.blocks import BLOCK
from simulation.seats.state import RECORD
from simulation.world.world import world_of

ANN, BOB = 0, 1
AMES, BOONE, CLAY = 0, 1, 2


def bonus(measure, period="quarter", of="own"):
    return {"kind": "bonus", "measure": measure, "period": period, "of": of, "amount": 100.0,
            "goal": 1.0, "steps": [{"at": 0.8, "pays": 1.0}]}  # fmt: skip


SCHEME = {"elements": {"content": bonus("satisfaction"), "visits": bonus("visits_kept")}}
COSTS = [{"up_to": 1.05, "pays": 1.0}]


@pytest.fixture
def case(company, plan_for):
    """Ann serves Ames (300) and Boone (100), Bob Clay (100); everybody begins at a satisfaction of .5."""
    customers = {
        "Ames": {"potential": 300, "owner": "ann"},
        "Boone": {"potential": 100, "owner": "ann"},
        "Clay": {"potential": 100, "owner": "bob"},
    }
    market = {"satisfaction": {"start": 0.5, "loss_per_lost_opportunity": 0.5}}
    scenario = company(customers, ["ann", "bob"], market, SCHEME)
    return scenario, plan_for(scenario)


@pytest.fixture
def found(case):
    world, held = world_of(*case), yardstick(*case)

    def compute(*records):
        rows = [(*record, *(0.0,) * (6 - len(record))) for record in records]
        return shares_of_year(world, Year(draw(world, 1, 0), np.array(rows, dtype=RECORD)), held.roll)

    return compute


def means(pair):
    """Weighted means by person and month, not a number where nothing is known."""
    weighted, weights = pair
    return np.where(weights > 0, weighted / np.maximum(weights, 1) / 1e6, np.nan)


def test_satisfaction_is_that_of_the_customers_weighted_with_potential(found):
    content = means(found((40.0, What.VISIT, ANN, AMES, 1.0, 0.9))["satisfaction"])
    assert content[ANN].tolist() == pytest.approx([0.5] + [0.8] * 11)  # .9 x 3/4 + .5 x 1/4
    assert content[BOB].tolist() == [0.5] * 12


def test_a_customer_counts_for_whoever_serves_it_at_the_end_of_the_month(found):
    content = means(
        found(
            (5.0, What.MISSED_VISIT, ANN, AMES, 1.0, 0.4),
            (9.0, What.VISIT, ANN, AMES, 1.0, 0.6),
            (60.0, What.MOVES, BOB, AMES),
        )["satisfaction"]
    )
    assert content[ANN].tolist() == pytest.approx([0.575] * 2 + [0.5] * 10)  # (.6 x 3 + .5) / 4
    assert content[BOB].tolist() == pytest.approx([0.5] * 2 + [0.575] * 10)  # Ames and Clay


def test_visits_are_counted_for_the_seat_in_their_month(found):
    weighted, weights = found(
        (10.0, What.VISIT, ANN, AMES, 1.0, 0.5),
        (20.0, What.VISIT, ANN, AMES, 1.0, 0.5),
        (30.0, What.MISSED_VISIT, ANN, BOONE, 1.0, 0.5),
        (364.0, What.MISSED_VISIT, BOB, CLAY, 1.0, 0.5),
        (364.0, What.MISSED_VISIT, 2, CLAY, 1.0, 0.5),  # nobody's
    )["visits_kept"]
    assert weights[ANN].tolist() == [3] + [0] * 11
    assert weighted[ANN].tolist() == [2_000_000] + [0] * 11
    assert (weights[BOB, 11], weighted[BOB, 11]) == (1, 0)


def test_a_scheme_without_shares_computes_none(case):
    scenario, plan = case
    plain = scenario.replace(scheme=Scheme())
    held, world = yardstick(plain, plan), world_of(plain, plan)
    assert shares_of_year(world, live_a_year(world, 1, 0), held.roll) == {}


def test_the_company_is_as_content_as_the_year_says(company, plan_for):
    customers = {f"c{i}": {"owner": "ann" if i % 3 else "bob", "visits_per_year": 12, "potential": 100 + i}
                 for i in range(9)}  # fmt: skip
    market = {"satisfaction": {"start": 0.7, "loss_per_lost_opportunity": 0.3}}
    moves = [("2026-05-11", "c1", "bob")]
    scenario = company(customers, ["ann", "bob"], market, SCHEME, moves=moves)
    plan = plan_for(scenario)
    held, world = yardstick(scenario, plan), world_of(scenario, plan)
    year = live_a_year(world, 3, 0)
    weighted, weights = credited(world, year, held.roll, held.sharing).shares["satisfaction"]
    assert weighted[:, -1].sum() / weights[:, -1].sum() / 1e6 == pytest.approx(
        float(measure(world, year).satisfaction), abs=1e-6
    )
    kept, due = credited(world, year, held.roll, held.sharing).shares["visits_kept"]
    assert kept.sum() / 1e6 == measure(world, year).visits_made.sum()
    assert due.sum() == measure(world, year).visits_due.sum()


def test_cost_over_budget_is_travel_and_bookings_with_pay_as_budgeted():
    costly = {"cost": {**bonus("cost", "year"), "goal": None, "steps": COSTS}}
    measures = measures_of(
        [[[1000.0] * 4, [0.0] * 4]], road_hours=[[4.0, 9.0]]
    )  # fmt: skip
    held = held_against(
        {"ann": 500.0, "bob": 500.0}, 4000.0, base=20.0, incentive=10.0, travel_rates=np.array([1.0, 0.0]),
        share_of_sales=0.01, budget=np.array([58.0, 50.0, 108.0]),
    )  # fmt: skip
    roll = type(held.roll)(Scheme(elements=costly), *list(vars(held.roll).values())[1:])
    held = type(held)(**{**vars(held), "roll": roll})
    weighted, weights = cost_over_budget(measures, held)["cost"]
    assert weighted[0, :, -1].tolist() == [7400 * 10**6, 3000 * 10**6]  # 30 + 4 h x 1 + 4000 x .01; 30
    assert weights[0, :, -1].tolist() == [5800, 5000]
    assert not weights[..., :-1].any()
    gauge = Gauge(measure="cost")
    ratio = value_of(gauge, roll.people, Results({}, shares={"cost": (weighted, weights)}), "year")
    assert ratio[0, :, 0].tolist() == [1275862, 600000]  # 74 / 58
    team = value_of(gauge.model_copy(update={"of": "company"}), roll.people,
                    Results({}, shares={"cost": (weighted, weights)}), "year")  # fmt: skip
    assert team[0, :, 0].tolist() == [962962] * 2  # 104 / 108


def test_of_a_month_its_own_score_counts_then_the_quarters_then_the_years():
    rows = [
        ("ann", "teamwork", "2026-05", 0.2),
        ("ann", "teamwork", "Q2", 0.5),
        ("ann", "teamwork", "year", 0.8),
        ("bob", "teamwork", "Q1", 0.6),
        ("bob", "growth", "year", 0.1),
    ]
    table = pd.DataFrame(rows, columns=["person", "score", "period", "value"])
    months = tuple(f"2026-{month:02d}" for month in range(1, 13))
    found = scored(table, ("ann", "bob"), ("score:teamwork",), months)["score:teamwork"]
    assert means(found)[0].tolist() == [0.8] * 3 + [0.5, 0.2, 0.5] + [0.8] * 6
    assert means(found)[1][:3].tolist() == [0.6] * 3
    assert found[1][1].tolist() == [1] * 3 + [0] * 9
    results = Results({}, shares={"score:teamwork": found})
    held = held_against({"ann": 1.0, "bob": 1.0}, 8.0)
    gauge = Gauge(measure="score:teamwork", assumed=0.9)
    assert value_of(gauge, held.roll.people, results, "quarter").tolist() == [
        [800_000, 400_000, 800_000, 800_000],
        [600_000, 900_000, 900_000, 900_000],
    ]


def test_staff_are_paid_for_the_customers_of_those_they_lead(company, plan_for):
    customers = {"Ames": {"owner": "ann", "potential": 300}, "Boone": {"owner": "bob", "potential": 100}}
    lead = {**bonus("satisfaction", of="team"), "roles": ["manager", "rep"]}
    scheme = {"elements": {"lead": lead}}
    scenario = company(customers, {"ann": {"team": "west"}, "bob": {"team": "west"}}, None, scheme)
    staff = pd.DataFrame(
        {"name": "", "role": "manager", "teams": "west", "supports": "", "start": pd.NaT, "end": pd.NaT,
         "base_pay": 0.0, "target_incentive": 0.0}, index=pd.Index(["mia"], name="person"),
    )  # fmt: skip
    scenario = scenario.replace(staff=staff)
    plan = plan_for(scenario)
    held, world = yardstick(scenario, plan), world_of(scenario, plan)
    year = Year(draw(world, 1, 0), np.array([(5.0, What.VISIT, ANN, AMES, 1.0, 0.9)], dtype=RECORD))
    results = joined(
        [credited(world, year, held.roll, held.sharing)], Measures.stacked([measure(world, year)]), held
    )
    start = world.market.satisfaction.start
    value = value_of(Gauge(measure="satisfaction", of="team"), held.roll.people, results, "quarter")
    assert value[0, 2].tolist() == [int(1e6 * (0.9 * 0.75 + start * 0.25) + 0.5)] * 4


def test_any_number_of_workers_pays_the_same(monkeypatch, company, plan_for):
    customers = {f"c{i}": {"owner": "ann" if i % 2 else "bob", "visits_per_year": 6} for i in range(12)}
    elements = {
        **SCHEME["elements"],
        "cost": {**bonus("cost", "year"), "goal": None, "steps": COSTS},
        "teamwork": {**bonus("score:teamwork"), "assumed": 0.9},
    }
    market = {"demand_noise": 0.2, "turnover": {"yearly_quit_rate": 0.5}}
    scenario = company(customers, ["ann", "bob"], market, {"elements": elements})
    plan = plan_for(scenario)
    alone = simulate(scenario, plan, replications=BLOCK + 3)
    monkeypatch.setattr(replications, "WORTH_PROCESSES", -1.0)  # two processes, however little there is to do
    assert alone.digest == simulate(scenario, plan, replications=BLOCK + 3, workers=2).digest
    assert alone.years["pay"].max() == 2 * (60_000 + 3 * 4 * 100 + 100)  # nobody quits, all is reached
