"""Schemes side by side: verdicts in pairs, winners and losers, the past, other assumptions."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from evenfield import scheme_study as scheme_study_module
from evenfield.scheme_study import judged, past_pay, scheme_study, turned, with_schemes, years_needed
from optimizer import todays_book
from scenarios import read
from scenarios.market import Effort
from scenarios.scheme import Commission, Scheme

STRAIGHT = Scheme(name="straight")
CAPPED = Scheme(name="capped", elements={"commission": Commission(weight=1, cap=0.5)})


@pytest.fixture(scope="module")
def towns():
    """Two towns whose reps answer what they are paid."""
    plain = read("two_towns")
    market = plain.market.model_copy(update={"effort": Effort(reference_commission=0.1)})
    return plain.replace(market=market)


@pytest.fixture(scope="module")
def study(towns):
    sides = with_schemes(towns, {"straight": STRAIGHT, "capped": CAPPED, "again": STRAIGHT})
    return scheme_study(sides, todays_book(towns), "straight", replications=32, sensitivity_years=4)


def rows(study, scheme):
    return study.rows[study.rows["scheme"] == scheme].set_index("figure")


def test_the_same_scheme_differs_in_nothing(study):
    table = rows(study, "again")
    assert (table["difference"].fillna(0) == 0).all()
    assert (table["years_needed"] == 0).all()
    people = study.people[study.people["scheme"] == "again"]
    assert (people["verdict"] == "not distinguishable yet").all()


def test_a_cap_at_half_the_quota_takes_effort_bookings_and_pay(study):
    table = rows(study, "capped")
    assert table["verdict"]["effort"] == "worse"
    assert table["verdict"]["bookings"] == "worse"
    assert table["verdict"]["pay"] == "better"
    people = study.people[study.people["scheme"] == "capped"]
    assert "loses" in set(people["verdict"])
    assert "wins" not in set(people["verdict"])
    assert people["difference"].sum() == pytest.approx(table["difference"]["pay"], abs=0.01)


def test_margin_is_contribution_less_pay(study, towns):
    table = rows(study, "capped")
    expected = towns.market.contribution_margin * table["difference"]["bookings"] - table["difference"]["pay"]
    assert table["difference"]["margin_after_pay"] == pytest.approx(expected)


def test_past_results_pay_without_behavior(towns):
    sides = with_schemes(towns, {"straight": STRAIGHT})
    past = past_pay(sides, todays_book(towns))
    owned = towns.last_year_sales[towns.customers["owner"] != ""]
    assert past["sales"].sum() == pytest.approx(owned.sum())
    assert (past["pay"].to_numpy() >= towns.reps["base_pay"].to_numpy()).all()


def test_years_needed_grow_with_the_square_of_the_noise():
    # 2.576 standard errors decide: with one tenth of that after 100 years it takes 100 times as many.
    z = 2.5758293035489004
    assert years_needed(1.0, 1.0, 100) == math.ceil(100 * z**2)
    assert years_needed(0.1, 1.0, 100) == math.ceil(10_000 * z**2)
    assert years_needed(0.0, 1.0, 100) == 0


def test_what_adding_up_in_another_order_leaves_is_no_difference(study, monkeypatch):
    nearly = study.rows.assign(difference=1e-17, standard_error=0.5, verdict="not distinguishable yet")
    monkeypatch.setattr(
        scheme_study_module, "compare_figures", lambda *_: nearly.rename(columns={"scheme": "scenario"})
    )
    rows = judged(study.scenarios, study.plan, study.outcomes, study.reference)
    assert (rows["difference"] == 0).all()
    assert (rows["years_needed"] == 0).all()


def test_what_turns_under_other_assumptions_is_named():
    table = {"scheme": ["a", "a"], "figure": ["pay", "pay"], "verdict": ["worse", "better"]}
    others = {"assumption": "least", "value": [0.3, 0.8], "difference": [2.0, -1.0]}
    usual = pd.DataFrame({"scheme": ["a"], "figure": ["pay"], "difference": [3.0]})
    assert turned(pd.DataFrame({**table, **others}), usual) == {("a", "pay"): ["least = 0.8"]}


def test_every_assumption_is_tried_at_both_ends(study):
    assert len(study.sensitivity) == 3 * 2 * 2 * 3  # assumptions, ends, schemes, figures
    assert np.isfinite(study.sensitivity["difference"]).all()


def test_the_command_compares_and_saves(run, tmp_path):
    named = ["--scheme", "straight-commission", "--scheme", "saas-accelerator"]
    years = ["--replications", "4", "--workers", "1", "--no-sensitivity"]
    code, out, _ = run("schemes", "two_towns", *named, *years, "--json", "--out", str(tmp_path))
    assert code == 0
    words = json.loads(out)
    assert {"rows", "winners", "losers", "past", "replications", "seed"} <= set(words)
    assert words["reference"] == "Straight commission"
    assert (tmp_path / "schemes.html").stat().st_size > 100_000
    assert (tmp_path / "pay_by_rep.csv").read_text().startswith("scheme,rep,")


def test_all_schemes_that_cannot_be_read_are_named(run, tmp_path):
    named = ["--scheme", "none", "--scheme", "nothing"]
    code, _, err = run("schemes", "two_towns", *named, "--out", str(tmp_path))
    assert code == 2
    assert "none" in err
    assert "nothing" in err


def test_a_chinese_scorecard_is_compared_and_its_names_are_on_the_page(run, tmp_path):
    years = ["--replications", "2", "--workers", "1", "--no-sensitivity"]
    named = ["--scheme", "kpi-scorecard-zh"]
    code, out, _ = run("schemes", "superstore", *named, *years, "--json", "--out", str(tmp_path))
    assert code == 0
    words = json.loads(out)
    assert words["reference"] == "uncapped with accelerator"
    assert {row["scheme"] for row in words["rows"]} == {"KPI 绩效考核"}
    pay = {row["scheme"]: row["pay"] for row in words["past"]}
    assert set(pay) == {"uncapped with accelerator", "KPI 绩效考核"}
    page = (tmp_path / "schemes.html").read_text(encoding="utf-8")
    assert '<meta charset="utf-8">' in page
    assert "Who wins and who loses under KPI 绩效考核" in page
    assert "KPI 绩效考核," in (tmp_path / "pay_by_rep.csv").read_text(encoding="utf-8")
