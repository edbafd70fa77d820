"""Whether a scheme fits its scenario: two towns with a manager, and one thing wrong at a time."""

import pandas as pd
import pytest

from scenarios import InputError
from scenarios.building import build
from scenarios.pay_checks import PLACE, notes_of_scheme

SALES = {"kind": "commission", "weight": 1}


def text(**columns):
    return pd.DataFrame(columns, dtype="str")


@pytest.fixture
def company(towns):
    """West and East are in teams of their own names; Mia leads both, Sam supports West."""
    reps = towns.tables["reps"]
    towns.tables["reps"] = reps.assign(team=["W", "E"], target_incentive="40", region=["West", "East"])
    towns.tables["staff"] = text(
        person=["mia", "sam"], role=["manager", "support"], teams=["W;E", ""], supports=["", "West"],
        target_incentive=["20", "10"],
    )  # fmt: skip
    towns.settings["scheme"] = {"elements": {"sales": SALES}}
    return towns


def elements(company, **more):
    company.settings["scheme"]["elements"] |= more


def problems(source):
    try:
        build(source)
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def notes(source):
    scenario = build(source)
    return [str(note) for note in notes_of_scheme(scenario, scenario.scheme)]


def test_a_company_in_order_has_no_problems(company):
    elements(
        company,
        override=SALES | {"roles": ["manager"], "of": "team"},
        help=SALES | {"roles": ["support"]},
    )
    assert problems(company) == []
    assert notes(company) == []


def test_a_role_that_nobody_has_is_a_note(company):
    elements(company, boss=SALES | {"roles": ["director"], "of": "company"})
    assert notes(company)[0] == (
        f"{PLACE}elements.boss, roles: nobody has this role; it pays nobody (found 'director')"
    )
    assert "the scheme pays nothing to manager, whose target incentive stays unpaid: mia" in notes(company)[1]


def test_a_scheme_that_pays_nobody_at_all_is_a_problem(company):
    company.settings["scheme"] = {"elements": {"sales": SALES | {"roles": ["reps"]}}}
    (found,) = problems(company)
    assert found == (
        f"{PLACE}elements: nobody has a role that the scheme pays; did you mean 'rep'? (found 'reps')"
    )


def test_weights_of_people_without_target_incentive_are_a_note(company):
    company.tables["reps"]["target_incentive"] = ["40", ""]
    assert "and these have none: East" in notes(company)[0]


def test_lines_are_those_of_products(company):
    gate = {"measure": "bookings", "lines": ["Pipes"], "at_least": 1}
    elements(company, extra={"kind": "spiff", "lines": ["Taps"], "per_deal": 1})
    elements(company, sales=SALES | {"gates": [gate]})
    assert [line.split(":")[0] for line in problems(company)] == [
        f"{PLACE}elements.sales, gates number 1, lines",
        f"{PLACE}elements.extra, lines",
    ]


def test_differentials_name_columns_and_values_of_reps(company):
    company.settings["scheme"]["differentials"] = [
        {"times": 1.1, "where": {"regoin": "West"}},
        {"times": 1.1, "where": {"region": "Wst"}},
        {"times": 1.1, "where": {"longitude": "far"}},
        {"times": 1.1, "where": {"region": "West"}},
    ]
    found = problems(company)
    assert "no such column in reps.csv; did you mean 'region' or 'regions'? (found 'regoin')" in found[0]
    assert found[1] == (
        f"{PLACE}differentials number 2, where: none of the reps is so; correct the values "
        "(found 'region = Wst')"
    )
    assert found[2].startswith(f"{PLACE}differentials number 3, where.longitude: column longitude")
    assert len(found) == 3


def test_staff_lead_teams_and_support_reps_there_are(company):
    company.tables["staff"] = company.tables["staff"].assign(teams=["W;X", ""], supports=["", "Wset"])
    assert problems(company) == [
        "staff.csv row 2, teams: no such team in reps.csv; correct it or take it out (found 'X')",
        "staff.csv row 3, supports: no such rep in reps.csv; did you mean 'West'? (found 'Wset')",
    ]


def test_splits_name_customers_and_people_and_stay_within_the_whole(company):
    company.tables["splits"] = text(
        customer=["W1", "W1", "W1", "W9", "E1", "E1"],
        person=["East", "sam", "bob", "mia", "sam", "sam"],
        share=["0.5", "0.5", "0.1", "0.5", "0.1", "0.1"],
    )
    assert [line.split(" (")[0] for line in problems(company)] == [
        "splits.csv row 5, customer: no such customer in customers.csv; correct or remove the row",
        "splits.csv row 4, person: no such person in reps.csv, specialists.csv or staff.csv; correct or "
        "remove the row",
        "splits.csv row 7, person: this person has a part of this customer already; keep one row",
        "splits.csv, W1: parts of this customer add up to more than its sales; make them 1 or less together",
    ]


def test_scores_name_people_once(company):
    company.tables["scores"] = text(
        person=["mai", "sam", "sam"], score=["care"] * 3, period=["year"] * 3, value=["1"] * 3
    )
    found = problems(company)
    assert "no such person in reps.csv, specialists.csv or staff.csv" in found[0]
    assert "did you mean 'mia'" in found[0]
    assert found[1].startswith("scores.csv row 4, person: this score of this person and period has a row")
    company.tables["scores"] = text(person=["sam"], score=["care"], period=["year"], value=["1"])
    assert notes(company)[-1] == "scores.csv, score: the scheme reads no such score (found 'care')"


def test_scores_that_decide_pay_are_given_or_assumed(company):
    care = {"kind": "bonus", "weight": 1, "roles": ["manager", "support"], "measure": "score:care"}
    elements(company, care=care)
    company.tables["scores"] = text(person=["sam"], score=["care"], period=["year"], value=["1"])
    (found,) = problems(company)
    assert found == (
        f"{PLACE}elements.care, measure: scores.csv has no care of mia, which would count as 0; "
        "add rows, or say what is assumed (found 'score:care')"
    )
    elements(company, care=care | {"assumed": 1})
    assert problems(company) == []
    elements(company, care=care | {"of": "company"})
    assert problems(company) == []
    company.tables["scores"]["score"] = ["cares"]
    assert "of mia, sam, which would count as 0" in problems(company)[0]
    assert "did you mean 'cares'?" in problems(company)[0]


def test_goals_of_last_year_need_one(company):
    elements(company, sales=SALES | {"goal": "last year"})
    assert problems(company) == []
    del company.tables["history"]
    assert problems(company) == [
        f"{PLACE}elements.sales, goal: history.csv has no sales in the last twelve months; give "
        "quota or a number as the goal (found 'last year')"
    ]


def test_nobody_is_paid_for_sales_that_cannot_count(company):
    elements(
        company, override=SALES | {"roles": ["manager"]}, help=SALES | {"roles": ["support"], "of": "team"}
    )
    assert problems(company) == [
        f"{PLACE}elements.override, of: no quota and nobody to support: mia; it would never pay "
        "them; fill in supports in staff.csv, or say of = team or company (found 'own')",
        f"{PLACE}elements.help, of: no team counts for sam; fill in their team in reps.csv, or "
        "teams in staff.csv (found 'team')",
    ]


def test_splits_make_sales_of_ones_own_but_no_quota(company):
    rate = {
        "kind": "commission",
        "roles": ["manager"],
        "tiers": [{"at": 0, "rate": 0.01}],
        "tiers_in": "amount",
    }
    elements(company, override=rate | {"measure": "new_customer_bookings"})
    assert "no sales of their own and nobody to support: mia" in problems(company)[0]
    company.tables["splits"] = text(customer=["W1"], person=["mia"], share=["0.5"])
    assert problems(company) == []


def test_teams_that_share_need_a_team(company):
    team = {"kind": "team bonus", "weight": 0.5}
    elements(company, sales={"kind": "bonus", "weight": 0.5}, team=team)
    assert problems(company) == []
    company.tables["reps"]["team"] = ["W", ""]
    company.tables["staff"]["teams"] = ["W", ""]
    assert any("these have no team and get nothing of it: East" in note for note in notes(company))
    company.tables["reps"]["team"] = ["", ""]
    company.tables["staff"]["teams"] = ["", ""]
    assert problems(company) == [
        f"{PLACE}elements.team: nobody who is rep has a team; fill in team in reps.csv, or teams in staff.csv"
    ]


def test_a_manager_shares_in_the_one_team_that_she_leads(company):
    team = {"kind": "team bonus", "roles": ["manager"], "weight": 1.0}
    elements(company, team=team)
    assert problems(company) == [
        f"{PLACE}elements.team: mia leads several teams and can share in one only; pay them by an element of "
        'their own, such as a bonus with of = "team"'
    ]
    company.tables["staff"]["teams"] = ["W", ""]
    assert problems(company) == []
    assert not any("get nothing of it" in note for note in notes(company))


def test_a_spiff_for_specialists_alone_needs_their_credit(company):
    elements(company, extra={"kind": "spiff", "roles": ["overlay"], "per_deal": 5.0})
    assert problems(company) == [
        f"{PLACE}elements.extra, roles: deals that specialists support do not count for them; give "
        "crediting.overlay_share (found 'overlay')"
    ]
    company.settings["scheme"]["crediting"] = {"overlay_share": 0.5}
    assert problems(company) == []


def test_everybody_who_is_paid_has_a_key_of_their_own(company):
    company.tables["staff"]["person"] = ["West", "sam"]
    assert problems(company) == [
        "staff.csv row 2, person: reps.csv has somebody of this name; everybody who is paid needs a key of "
        "their own (found 'West')"
    ]


def test_replace_checks_the_scheme_too(company):
    scenario = build(company)
    with pytest.raises(InputError, match="nobody has a role that the scheme pays"):
        scenario.replace(reps=scenario.reps.assign(role="clerk"), staff=scenario.staff.iloc[:0])
