"""A scheme judged by the people of the two towns: on their quotas, with contests and the margin known."""

import dataclasses

import pandas as pd
import pytest

from optimizer import todays_book
from scenarios import read
from scenarios.pay_curves import Tier
from scenarios.pay_elements import Bonus, Commission, Contest, Gate, TeamBonus
from scenarios.scheme import Scheme
from simulation.paying.linting.linter import lint, lint_for


@pytest.fixture(scope="module")
def towns():
    return read("two_towns")


@pytest.fixture(scope="module")
def quota(towns):
    """Each rep is asked for 150,000 a quarter."""
    table = todays_book(towns).quota
    return table * 0 + 150_000.0


def judged(towns, quota, *elements, **terms):
    named = {f"e{n}": element for n, element in enumerate(elements, 1)}
    return lint_for(towns, Scheme(elements=named, **terms), quota)


def test_everybody_is_judged_and_the_worst_is_told(towns, quota):
    made = judged(towns, quota, Commission(weight=0.5), Bonus(weight=0.5))
    assert made.people == 2
    (cliff,) = [f for f in made.findings if f.kind == "cliff"]
    assert (cliff.people, cliff.size, cliff.facts["sales"]) == (2, 5_000, 150_000)


def test_reps_without_a_quota_are_left_out(towns, quota):
    some = quota.copy()
    some.loc["east"] = 0.0
    assert judged(towns, some, Commission(weight=1)).people == 1


def test_a_contest_with_more_prizes_than_people(towns, quota):
    made = judged(towns, quota, Commission(weight=1), Contest(prizes=(300, 200, 100)))
    (contest,) = [f for f in made.findings if f.kind == "contest"]
    assert (contest.is_fault, contest.facts["count"], contest.facts["sure"]) == (True, 2, 200)
    made = judged(towns, quota, Commission(weight=1), Contest(prizes=(300, 200)))
    assert [f.is_fault for f in made.findings if f.kind == "contest"] == [False]
    made = judged(towns, quota, Commission(weight=1), Contest(prizes=(300, 200), between="teams"))
    assert [f.facts["count"] for f in made.findings if f.kind == "contest"] == [1]
    made = judged(towns, quota, Commission(weight=1), Contest(prizes=(300,)))
    assert [f for f in made.findings if f.kind == "contest"] == []


def test_pay_above_the_margin_is_a_fault_where_it_is_known(towns, quota):
    # The margin of the two towns is a half.
    rates = Scheme(elements={"c": Commission(tiers=(Tier(at=0, rate=0.05), Tier(at=1.5, rate=0.6)))})
    assert [f.kind for f in lint(rates).faults if f.kind == "cost"] == []
    (cost,) = [f for f in lint_for(towns, rates, quota).faults if f.kind == "cost"]
    assert (cost.facts["limit"], cost.facts["from"]) == (0.5, pytest.approx(1.5, abs=0.01))


def test_what_a_team_reaches_follows_one_of_it_while_the_other_is_at_100_percent(towns, quota):
    # Both sell 300,000 a quarter; at 80 % of his 150,000 the team is at 90 %.
    steps = ({"at": 0.9, "pays": 1.0},)
    made = judged(towns, quota, Commission(weight=0.5), TeamBonus(weight=0.5, steps=steps))
    (cliff,) = [f for f in made.findings if f.kind == "cliff"]
    assert cliff.facts["at"] == pytest.approx(0.8, abs=1e-6)
    assert cliff.size == 5_000


def test_roles_nobody_has_are_told(towns, quota):
    made = judged(towns, quota, Commission(weight=1), Bonus(amount=100, roles=("manager",)))
    assert made.without == ("manager",)


def test_who_leads_a_team_in_staff_has_a_part_of_its_pot(towns, quota):
    # 9,000 x 40,000 / (40,000 + 40,000 + 20,000) = 3,600 of a rep, 1,800 of the manager.
    manager = pd.DataFrame(
        [
            {
                "name": "", "role": "manager", "teams": towns.reps["team"].iloc[0], "supports": "",
                "start": pd.NaT, "end": pd.NaT, "base_pay": 0.0, "target_incentive": 20_000.0,
            }
        ],
        index=pd.Index(["mia"], name="person"),
    )  # fmt: skip
    scheme = Scheme(
        elements={
            "t": TeamBonus(roles=("rep", "manager"), amount=9_000, shared="by target incentive"),
            "c": Commission(weight=1.0),
            "m": Commission(roles=("manager",), of="team", weight=1.0),
        }
    )
    found = lint_for(dataclasses.replace(towns, staff=manager), scheme, quota).findings
    assert {f.role: f.size for f in found if f.kind == "cliff"} == {"rep": 3_600, "manager": 1_800}


def test_what_a_team_reaches_at_different_sales_of_each_is_one_finding(towns, quota):
    # The team is asked for 300,000: at 330,000 Wanda (of 200,000) is at 115 %, Edgar (of 100,000) at 130 %.
    uneven = quota.copy()
    uneven.loc["west"], uneven.loc["east"] = 200_000.0, 100_000.0
    steps = ({"at": 1.1, "pays": 1.0},)
    made = judged(towns, uneven, Commission(weight=0.5), TeamBonus(weight=0.5, steps=steps))
    (cliff,) = [f for f in made.findings if f.kind == "cliff"]
    assert (cliff.people, cliff.size) == (2, 5_000)
    assert cliff.facts["at"] in (pytest.approx(1.15), pytest.approx(1.3))


def test_who_is_asked_for_nothing_yet_makes_no_faults(towns, quota):
    some = quota.copy()
    some.loc["east"] = 0.0
    gate = Gate(measure="satisfaction", at_least=0.7)
    made = judged(towns, some, Commission(weight=1, gates=(gate,)), TeamBonus(amount=100))
    assert (made.people, made.unasked) == (1, ("east",))
    assert [f for f in made.findings if f.kind == "gate"] == []
