"""What people earn with others: whose goal it is, and who belongs to a team."""

import dataclasses

import numpy as np
import pytest
from payroll import DAYS, paid, people

from scenarios.scheme import Scheme


def scheme_of(**element):
    return Scheme.model_validate({"elements": {"e": element}})


def money(pay):
    return (pay.elements["e"] / 100).tolist()


def test_a_teams_goal_does_not_shrink_with_the_presence_of_its_first_member():
    # Ann comes in the last month of the second quarter; the team's goal is 500,000 in each.
    scheme = scheme_of(kind="team bonus", goal=500_000.0, amount=1000.0)
    there = np.array([[0, 0, 0, 0, 0, 30, *DAYS[6:]], DAYS])
    team = people(scheme, {"ann": {"team": "E"}, "bob": {"team": "E"}}, there)
    sold = [[0, 0, 300_000.0, 299_999.99], [600_000.0, 200_000.0, 200_000.0, 200_000.0]]
    assert money(paid(scheme, sold, team)) == [[0, 0, 500, 0], [1000, 0, 500, 0]]


def test_a_goal_of_ones_own_is_asked_for_the_time_one_is_there():
    # 300,000 x 30 / 91 days = 98,901.10
    scheme = scheme_of(kind="bonus", goal=300_000.0, amount=91.0)
    there = np.array([[0, 0, 0, 0, 0, 30, *DAYS[6:]]])
    sold = [[0.0, 98_901.10, 299_999.99, 300_000.0]]
    assert money(paid(scheme, sold, people(scheme, None, there))) == [[0, 30, 0, 91]]


def staff_who_leads_east(scheme):
    """Ann and Bob sell in East, Cem in West; Mia of staff.csv has no team of her own and leads East."""
    who = people(
        scheme,
        {
            "ann": {"team": "East"},
            "bob": {"team": "East"},
            "cem": {"team": "West"},
            "mia": {"role": "manager", "quota": [0.0] * 4},
        },
    )
    of_team = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0]])
    return dataclasses.replace(who, reps=3, counts={**who.counts, "team": of_team})


SOLD = [[300_000.0, 0, 0, 0], [200_000.0, 0, 0, 0], [240_000.0, 0, 0, 0], [0.0] * 4]


def test_a_manager_of_staff_earns_the_bonus_of_the_team_she_leads():
    # East sells the 2 x 250,000 that are asked: a quarter of 40,000.
    scheme = scheme_of(kind="team bonus", roles=["manager"], weight=1.0)
    assert money(paid(scheme, SOLD, staff_who_leads_east(scheme))) == [
        [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [10_000, 0, 0, 0],
    ]  # fmt: skip


def test_a_manager_of_staff_shares_with_her_team():
    scheme = scheme_of(kind="team bonus", roles=["rep", "manager"], amount=900.0)
    found = money(paid(scheme, SOLD, staff_who_leads_east(scheme)))
    assert [row[0] for row in found] == [300, 300, 0, 300]  # West has 240,000 of 250,000


def test_a_manager_of_staff_wins_with_the_best_team():
    text = {"kind": "contest", "roles": ["manager"], "of": "team", "between": "teams", "prizes": [500.0]}
    scheme = scheme_of(**text)
    assert [row[0] for row in money(paid(scheme, SOLD, staff_who_leads_east(scheme)))] == [0, 0, 0, 500]


def who_starts_in_mid_february(scheme, **others):
    """Ann is there all year; Bob from 15 February on: 14 + 31 = 45 of 90 days, then always."""
    there = np.array([DAYS, [0, 14, *DAYS[2:]]])
    return people(scheme, {"ann": {"team": "E"}, "bob": {"team": "E", **others}}, there)


@pytest.mark.parametrize("shared", ["equally", "by target incentive"])
def test_who_is_there_half_the_quarter_has_half_a_part(shared):
    # Both have 40,000: 900 x 90 / (90 + 45) = 600.
    scheme = scheme_of(kind="team bonus", goal=500_000.0, amount=900.0, shared=shared)
    sold = [[500_000.0, 500_000.0, 0, 0], [0.0] * 4]
    found = money(paid(scheme, sold, who_starts_in_mid_february(scheme)))
    assert found == [[600, 450, 0, 0], [300, 450, 0, 0]]


def test_incentive_counts_by_its_days():
    # Bob has 80,000: half the time it weighs as much as 40,000, then twice as much.
    scheme = scheme_of(kind="team bonus", goal=500_000.0, amount=900.0, shared="by target incentive")
    sold = [[500_000.0, 500_000.0, 0, 0], [0.0] * 4]
    found = money(paid(scheme, sold, who_starts_in_mid_february(scheme, target_incentive=80_000.0)))
    assert found == [[450, 300, 0, 0], [450, 600, 0, 0]]


def test_a_pot_is_shared_by_the_quotas_of_its_period():
    # Bob is asked for nothing in the first quarter, and for as much as Ann in the second.
    scheme = scheme_of(kind="team bonus", goal=500_000.0, amount=900.0, shared="by quota")
    sold = [[500_000.0, 500_000.0, 0, 0], [0.0] * 4]
    who = who_starts_in_mid_february(scheme, quota=[0.0, 250_000.0, 250_000.0, 250_000.0])
    assert money(paid(scheme, sold, who)) == [[900, 450, 0, 0], [0, 450, 0, 0]]


def test_very_large_incentives_share_exactly():
    # 8 x 10^13 cents times 90 days, a hundred times over, are more than 64 bits hold.
    scheme = scheme_of(kind="team bonus", goal=1.0, amount=100.0, shared="by target incentive")
    rows = {f"p{n}": {"team": "E", "target_incentive": 8e11, "quota": [0.0] * 4} for n in range(1000)}
    found = paid(scheme, [[1.0, 0, 0, 0]] * 1000, people(scheme, rows)).elements["e"][:, 0]
    assert set(found.tolist()) == {10}


def test_target_pay_and_the_most_of_a_year_are_for_the_days_one_is_there():
    # From 2 July on 183 of 365 days: 36,500 x 183 / 365 = 18,300, and the most is 1.5 x that.
    scheme = Scheme.model_validate(
        {"most_incentive": 1.5, "elements": {"e": {"kind": "bonus", "goal": 1.0, "amount": 99_999.0}}}
    )
    there = np.array([[0, 0, 0, 0, 0, 0, 30, *DAYS[7:]]])
    who = people(scheme, {"ann": {"target_incentive": 36_500.0}}, there)
    assert who.incentive_planned(0) == 18_300_00
    assert paid(scheme, [[0, 0, 9.0, 9.0]], who).incentive.sum() == 27_450_00
