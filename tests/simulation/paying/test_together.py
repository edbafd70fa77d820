"""What people earn with others: whose goal it is, and who belongs to a team."""

import dataclasses

import numpy as np
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
    assert money(paid(scheme, sold, team)) == [[500, 0, 500, 0]] * 2


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
