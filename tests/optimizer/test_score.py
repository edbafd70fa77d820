"""Every term of the objective by hand, and the solver's own sum against it."""

import pandas as pd
import pytest

from optimizer import duplicate_visits, loads, optimize, score
from optimizer.score import moved
from scenarios.building import build


def owners(scenario, *reps):
    return pd.Series(list(reps), index=scenario.customers.index)


def test_terms_by_hand(towns):
    towns.settings["travel"]["cost_per_hour"] = 3.0
    towns.settings["rules"] = {"balance": [{"measure": "potential", "tolerance": 0.1, "price": 0.2}]}
    scenario = build(towns)
    terms = score(scenario, owners(scenario, "West", "West", "West", "West", "East", "East")).terms
    # E1 is served from West: 12 visits x 2 x 111.195 km / 50 km/h x 3 a hour
    assert terms["travel"] == pytest.approx(12 * 2 * 111.195 / 50 * 3, rel=1e-5)
    # E2 and E3 move: 500 of potential, 10 % at risk, 50 % margin
    assert terms["disruption"] == pytest.approx(25.0)
    assert terms["fit"] == 0.0
    # 700 : 500 against 600 +- 60 -> 40 above and 40 below
    assert terms["balance of potential"] == pytest.approx(80 * 0.2)


def test_disruption_is_expected_sales_at_risk_times_margin(towns):
    towns.settings["market"]["growth"] = 0.25
    scenario = build(towns)
    terms = score(scenario, owners(scenario, *["West"] * 3, *["East"] * 3)).terms
    assert terms["disruption"] == pytest.approx(600 * 1.25 * 0.1 * 0.5)


def test_fit_counts_lines_the_rep_has_no_skill_for(towns):
    towns.tables["products"] = pd.DataFrame({"product": ["p", "q"], "line": ["Pipes", "Quilts"]}, dtype="str")
    towns.tables["reps"]["skills"] = ["Pipes", "Pipes;Quilts"]
    towns.settings["market"] |= {"order_values": {"Pipes": 50.0, "Quilts": 50.0}, "skill_gap": 0.2}
    scenario = build(towns)
    terms = score(scenario, owners(scenario, *["West"] * 6)).terms
    # no past by line: half of the sales of 1,200 are Quilts, of which 20 % is lost at 50 % margin
    assert terms["fit"] == pytest.approx(1200 * 0.5 * 0.2 * 0.5)


def test_a_new_rep_loses_what_the_ramp_takes(towns):
    towns.settings["market"]["turnover"] = {"ramp_months": 12, "starting_productivity": 0.4}
    towns.tables["reps"]["start"] = ["", "2026-01-01"]
    scenario = build(towns)
    terms = score(scenario, owners(scenario, *["East"] * 6)).terms
    # From 40 % to 100 % over the year: on average 30 % of 1,200 is not won, at 50 % margin (months alike).
    assert terms["ramp"] == pytest.approx(1200 * 0.3 * 0.5, rel=0.01)


def test_the_solvers_objective_is_the_score(towns):
    towns.settings["rules"] = {
        "balance": [
            {"measure": "potential", "tolerance": 0.05, "price": 0.7},
            {"measure": "hours", "tolerance": 0.1, "price": 2.0},
        ]
    }
    towns.tables["customers"]["potential"] = ["130", "210", "330", "90", "20", "310"]
    towns.tables["reps"]["hours_per_year"] = ["150", "90"]
    scenario = build(towns)
    plan = optimize(scenario)
    assert plan.result.objective == pytest.approx(score(scenario, plan.owner).objective)


def test_loads_describe_each_book(towns):
    scenario = build(towns)
    table = loads(scenario, owners(scenario, *["West"] * 4, *["East"] * 2))
    assert table["customers"].to_dict() == {"West": 4, "East": 2}
    assert table.loc["East", "hours"] == pytest.approx(24.0)
    assert table.loc["East", "utilization"] == pytest.approx(0.24)
    assert table["potential"].to_dict() == {"West": 700.0, "East": 500.0}
    assert table["fair_potential"].to_dict() == {"West": 600.0, "East": 600.0}
    assert table["moved_in"].to_dict() == {"West": 0, "East": 2}
    assert table["moved_out"].to_dict() == {"West": 2, "East": 0}


def test_first_owners_are_no_moves(towns):
    towns.tables["customers"]["owner"] = ["", "West", "West", "West", "West", "West"]
    scenario = build(towns)
    assert moved(scenario, owners(scenario, *["East"] * 6)).sum() == 5


def test_duplicate_visits_are_those_one_rep_could_spare(towns):
    towns.tables["customers"]["site"] = ["west"] * 3 + ["east"] * 3
    scenario = build(towns)
    assert duplicate_visits(scenario, owners(scenario, *["West"] * 3, *["East"] * 3)) == 0
    assert duplicate_visits(scenario, owners(scenario, "West", "West", "East", "West", "East", "")) == 12 + 12


def test_balance_is_relative_to_what_a_rep_may_serve(towns):
    towns.tables["customers"]["country"] = ["W", "W", "W", "E", "E", "E"]
    towns.tables["reps"].loc[2] = ["Both", "0", "0", "200"]
    towns.tables["reps"]["countries"] = ["W", "E", "W;E"]
    towns.settings["rules"] = {"eligibility": [{"customer": "country", "rep": "countries"}]}
    scenario = build(towns)
    fair = loads(scenario, owners(scenario, *["West"] * 3, *["East"] * 3))["fair_potential"]
    # 1,200 over 400 hours: 3 an hour for everybody, which the countries allow
    assert fair.to_dict() == pytest.approx({"West": 300.0, "East": 300.0, "Both": 600.0})


def test_an_empty_seat_loses_what_does_not_buy_unattended(towns):
    towns.settings["market"]["unattended_share"] = 0.25
    towns.tables["reps"]["end"] = ["", "2026-07-02"]  # 182 of 365 days
    towns.tables["reps"]["backfill"] = ["", "no"]
    scenario = build(towns)
    terms = score(scenario, owners(scenario, *["West"] * 3, *["East"] * 3)).terms
    # Demand is even over months: June ends half of it, a day of July is 1/31 of a twelfth.
    gone = 0.5 - 1 / 31 / 12
    assert terms["vacancy"] == pytest.approx(600 * gone * 0.75 * 0.5)
    # and so everybody is better off with West, who stays
    assert score(scenario, owners(scenario, *["West"] * 6)).terms["vacancy"] == 0.0


def test_todays_owner_holds_over_for_a_rep_who_starts_later(towns):
    towns.tables["reps"]["start"] = ["", "2026-07-01"]  # after 181 of 365 days
    scenario = build(towns)
    owner = owners(scenario, *["West"] * 3, *["East"] * 3)
    hours = loads(scenario, owner)["hours"]
    far = 12 * (1 + 2 * 111.195 / 50)
    assert hours["East"] == pytest.approx(3 * 12 * 184 / 365)
    assert hours["West"] == pytest.approx(3 * 12 + 3 * far * 181 / 365, rel=1e-5)
    assert score(scenario, owner).terms["vacancy"] == 0.0


def test_terms_are_never_negative_and_the_best_there_is_costs_nothing(towns):
    towns.settings["rules"] = {"eligibility": [{"customer": "region", "rep": "regions"}]}
    towns.tables["customers"]["region"] = ["A", "A", "A", "A", "B", "B"]
    towns.tables["reps"]["regions"] = ["A", "A;B"]
    scenario = build(towns)
    terms = score(scenario, owners(scenario, *["West"] * 3, *["East"] * 3)).terms
    assert terms.pop("unavoidable") == pytest.approx(-sum(terms.values()))
    # E2 with a rep who may not have it is scored all the same: what it costs is what it costs
    forbidden = score(scenario, owners(scenario, *["West"] * 3, "East", "West", "East"))
    assert forbidden.terms["travel"] == pytest.approx(12 * 2 * 111.195 / 50, rel=1e-5)
