"""What looks mistaken in a scheme: percentages for shares, terms nobody gets, days outside the year."""

import pandas as pd
import pytest

from scenarios import read
from scenarios.pay_checks import notes_of_scheme
from scenarios.pay_notes import notes_of_terms
from scenarios.scheme import Scheme


def percentages(element):
    scheme = Scheme.model_validate({"elements": {"e": element}})
    return [(note.place, note.value) for note in notes_of_terms(scheme, "")]


TIERS = [{"at": 0, "rate": 1}, {"at": 80, "rate": 150}]


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ({"kind": "commission", "weight": 1, "tiers": TIERS, "cap": 120},
         [(", tiers number 2, at", "80"), (", tiers number 2, rate", "150"), (", cap", "120")]),
        ({"kind": "commission", "tiers": [{"at": 0, "rate": 0}, {"at": 90_000, "rate": 0.1}],
          "tiers_in": "amount"}, []),
        ({"kind": "bonus", "weight": 1, "measure": "satisfaction", "steps": [{"at": 80, "pays": 50}]},
         [(", steps number 1, at", "80"), (", steps number 1, pays", "50")]),
        ({"kind": "bonus", "weight": 1, "measure": "score:care", "steps": [{"at": 80, "pays": 1}]}, []),
        ({"kind": "bonus", "weight": 1, "gates": [{"measure": "visits_kept", "at_least": 80}]},
         [(", gates number 1, at_least", "80")]),
        ({"kind": "bonus", "period": "year", "weight": 1, "multipliers": [{"measure": "cost", "steps": [
            {"up_to": 1.05, "times": 105}, {"up_to": 99, "times": 0.8}]}]},
         [(", multipliers number 1, steps number 1, times", "105")]),
        ({"kind": "bonus", "weight": 1, "measure": "new_customers", "goal": 3, "goal_share": 1},  []),
        ({"kind": "contest", "prizes": [5], "at_least": 90}, [(", at_least", "90")]),
    ],
)  # fmt: skip
def test_shares_of_ten_and_more_are_asked_about(element, found):
    assert percentages(element) == [(f"elements.e{key}", value) for key, value in found]


def test_the_message_says_what_may_be_meant():
    raw = {"elements": {"e": {"kind": "commission", "weight": 1}}, "most_incentive": 250}
    scheme = Scheme.model_validate(raw)
    assert [str(note) for note in notes_of_terms(scheme, "p.toml, ")] == [
        "p.toml, most_incentive: this is a share, where 1 is 100 %; is 2.5 meant? (found '250')"
    ]


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ({"kind": "spiff", "per_deal": 500, "most_pay": 300}, "is less than what one deal pays, 500"),
        ({"kind": "commission", "weight": 1, "cap": 0.5,
          "tiers": [{"at": 0, "rate": 0}, {"at": 0.8, "rate": 2}]},
         "before it begins, at 0.8"),
        ({"kind": "bonus", "weight": 1, "measure": "satisfaction"}, "at a satisfaction of 100 % only"),
    ],
)  # fmt: skip
def test_what_can_hardly_be_meant_is_said(element, said):
    (note,) = notes_of_terms(Scheme.model_validate({"elements": {"e": element}}), "")
    assert said in note.remedy


def notes(scenario, **raw):
    pay = {"sales": {"kind": "commission", "weight": 1}}
    scheme = Scheme.model_validate({**raw, "elements": {**pay, **raw.get("elements", {})}})
    return [(n.place, n.value) for n in notes_of_scheme(scenario, scheme, "")]


def test_days_roles_and_growth_are_compared_with_the_scenario():
    towns = read("two_towns")
    late = {"kind": "spiff", "per_deal": 5, "first_day": "2027-01-01"}
    early = {"kind": "spiff", "per_deal": 5, "last_day": "2025-12-31"}
    inside = {"kind": "spiff", "per_deal": 5, "first_day": "2026-12-31"}
    race = {"kind": "contest", "prizes": [5], "roles": ["reps"]}
    found = notes(
        towns,
        elements={"late": late, "early": early, "inside": inside, "race": race},
        draws=[{"amount": 5, "roles": ["reps"]}],
    )
    assert found == [
        ("elements.race, roles", "reps"),
        ("draws number 1, roles", "reps"),
        ("elements.late, first_day", "2027-01-01"),
        ("elements.early, last_day", "2025-12-31"),
    ]
    grown = towns.replace(target=towns.target.model_copy(update={"growth": 15.0, "amount": None}))
    assert notes(grown) == [("scenario.toml, target.growth", "15")]


def test_scores_and_steps_count_in_the_same():
    towns = read("two_towns")
    row = {"person": "west", "score": "care", "period": "year", "value": 86.0}
    scored = towns.replace(scores=pd.DataFrame([row]))
    for at, found in ((0.9, [("elements.b, measure", "score:care")]), (90, [])):
        steps = [{"at": at, "pays": 1}]
        care = {"kind": "bonus", "amount": 1, "measure": "score:care", "assumed": 0.5, "steps": steps}
        assert notes(scored, elements={"b": care}) == found
