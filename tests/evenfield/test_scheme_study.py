"""Schemes side by side: verdicts in pairs, winners and losers, the past, other assumptions."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from evenfield.scheme_gaming import carried, exploitability, row_of_gaming
from evenfield.scheme_past import past_pay
from evenfield.scheme_sheet import scheme_sheet
from evenfield.scheme_study import scheme_study, with_schemes
from evenfield.scheme_words import no_gain_in_words, people_in_words
from optimizer import todays_book
from scenarios import read
from scenarios.behavior import Effort, Timing
from scenarios.scheme import Bonus, Commission, Scheme, Step
from simulation import simulate_together
from simulation.replicating.blocks import Rows

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


def test_constant_effort_answers_nothing_and_holds_nothing():
    plain = read("two_towns")
    constant = plain.replace(market=plain.market.model_copy(update={"effort": Effort(mode="constant")}))
    sides = with_schemes(constant, {"straight": STRAIGHT, "capped": CAPPED})
    found = scheme_study(sides, todays_book(constant), "straight", replications=4, sensitivity_years=2)
    assert found.sensitivity.empty
    sheet = scheme_sheet(found, "")
    assert "reps answer" not in " ".join(sheet.answer)
    assert "effort is constant" in sheet.answer[-1]
    [last] = [part for part in sheet.parts if part.title == "If reps are not as assumed"]
    assert "no assumption" in last.words[0]
    assert not last.rows


def test_where_reps_answer_the_page_says_so(study):
    sheet = scheme_sheet(study, "")
    assert "reps answer each scheme" in sheet.answer[-1]
    said = {row[2].split()[0].strip(":") for row in sheet.parts[-1].rows}
    assert said <= {"holds", "same", "unsure", "turns"}
    assert "in 4 years each" in sheet.parts[-1].words[0]


@pytest.fixture(scope="module")
def gaming(towns):
    steps = (Step(at=1.0, pays=1.0),)
    sides = {
        "straight": STRAIGHT,
        "bonus": Scheme(name="bonus", elements={"b": Bonus(weight=1, steps=steps)}),
    }
    table = exploitability(with_schemes(towns, sides), todays_book(towns), years=16)
    return table.set_index("scheme")


def test_straight_commission_cannot_be_gamed(gaming):
    row = gaming.loc["straight", "paid_more":]
    assert row.drop("most").astype(float).eq(0).all()


def test_a_bonus_at_quota_is_gamed_and_that_costs_the_company(gaming, towns):
    row = gaming.loc["bonus"]
    assert row["gain"] > 2 * row["standard_error"] > 0
    assert row["gain"] == pytest.approx(row["paid_more"] + row["paid_later"])
    assert min(row["exploitability"], row["held"], row["pulled_in"], row["discounts"], row["lost"]) > 0
    # Discounts are 5 % at most, some less, and the rest was booked.
    assert 0.03 < row["discounts"] / (row["pulled_in"] + row["discounts"]) < 0.05
    lost = towns.market.contribution_margin * (row["lost"] + row["lost_later"])
    assert row["cost"] == pytest.approx(row["discounts"] + lost + row["gain"])


def played(outcome, *, held, pay):
    """Change what reps put off out of the last quarter, and pay of the year, money."""
    back = np.zeros_like(outcome.rows.measures.held)
    back[:, 0, -1] = held
    measures = dataclasses.replace(outcome.rows.measures, held=back)
    rows = Rows(measures, outcome.rows.pay + pay, outcome.rows.others_pay)
    return dataclasses.replace(outcome, rows=rows, years=outcome.years.assign(pay=rows.pay.sum(axis=1)))


def test_deals_put_off_out_of_the_year_are_paid_for_in_the_next(towns):
    [side] = with_schemes(towns, {"straight": STRAIGHT}).values()
    plan = todays_book(towns)
    honest = simulate_together({"a": (side, plan)}, replications=2, rows=True)["a"]
    rep = honest.reps[0]
    # Of 10,000 put off 9,000 stay; a straight commission pays for them at incentive over quota.
    rate = towns.reps["target_incentive"][rep] / 4 / plan.quota.loc[rep].iloc[0]
    later = carried(side, honest, played(honest, held=10_000, pay=0))
    assert later[0] == pytest.approx([9_000 * rate, *[0] * (len(honest.reps) - 1)], rel=0.01)
    # Where the year pays the rep as much less as the next pays more, playing gains and costs nothing but
    # what is lost.
    [row] = gaming_table(side, plan, honest, played(honest, held=10_000, pay=0))
    assert row["gain"] == pytest.approx(9_000 * rate, rel=0.01)
    assert row["cost"] == pytest.approx(row["gain"] + towns.market.contribution_margin * 1_000)


def test_a_loss_of_reps_who_play_is_no_gain_of_the_company(towns):
    [side] = with_schemes(towns, {"straight": STRAIGHT}).values()
    plan = todays_book(towns)
    honest = simulate_together({"a": (side, plan)}, replications=2, rows=True)["a"]
    rows = gaming_table(side, plan, honest, played(honest, held=0, pay=-50))
    assert rows[0]["gain"] == pytest.approx(-50 * len(honest.reps))
    assert rows[0]["cost"] == 0
    said = no_gain_in_words(pd.DataFrame(rows).assign(scheme="straight"))
    assert said.startswith("* Under straight reps who play are paid less")
    assert not no_gain_in_words(pd.DataFrame(gaming_table(side, plan, honest, honest)))


def gaming_table(side, plan, honest, gaming):
    return [{"scheme": "straight", **row_of_gaming(side, honest, gaming)}]


LED = Scheme(
    name="led",
    elements={
        "commission": Commission(weight=1),
        "manager": Bonus(weight=1, roles=("manager",), of="company", steps=(Step(at=0.0, pays=1.0),)),
    },
)


def test_whom_a_scheme_forgets_to_pay_is_no_saving(towns):
    boss = {"name": "Kim", "role": "manager", "teams": "", "supports": "", "start": pd.NaT, "end": pd.NaT}
    pay = {"base_pay": 50_000.0, "target_incentive": 20_000.0}
    staff = pd.DataFrame([{**boss, **pay}], index=pd.Index(["M1"], name="person"))
    company = towns.replace(staff=staff[list(towns.staff.columns)])
    sides = with_schemes(company, {"led": LED, "straight": STRAIGHT})
    found = scheme_study(sides, todays_book(company), "led", replications=4)
    # Reps are paid alike, so nothing differs though the manager's 20,000 are saved.
    table = rows(found, "straight")
    assert table["verdict"]["pay"] == table["verdict"]["margin_after_pay"] == "the same"
    led, straight = (found.outcomes[name].years["pay"].mean() for name in ("led", "straight"))
    assert led - straight == pytest.approx(20_000)
    assert table["reference"]["pay"] == pytest.approx(led - 70_000)
    assert found.unpaid == {"straight": {"manager": ("M1",)}}
    manager = found.people.set_index("rep").loc["M1"]
    assert (manager["verdict"], manager["role"], manager["difference"]) == (
        "left unpaid",
        "manager",
        -20_000,
    )
    answer = scheme_sheet(found, "").answer
    assert answer[0] == "straight pays nothing beside base pay to manager (M1), whom led pays."
    assert "left unpaid: M1" in people_in_words(found, "straight")
    back = scheme_study(dict(reversed(sides.items())), todays_book(company), "straight", replications=2)
    assert back.people.set_index("rep")["verdict"]["M1"] == "newly paid"


def test_figures_of_timing_are_shown_where_reps_play_with_time(towns, study):
    assert not {"held", "pulled_in", "discounts"} & set(study.rows["figure"])
    playing = towns.market.model_copy(update={"timing": Timing(window_days=21)})
    sides = with_schemes(towns.replace(market=playing), {"straight": STRAIGHT, "capped": CAPPED})
    table = rows(scheme_study(sides, todays_book(towns), "straight", replications=4), "capped")
    assert table["reference"]["held"] == 0 < table["other"]["held"]
    assert table["verdict"]["held"] != "better"


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
    assert [row["scheme"] for row in words["exploitability"]] == ["Straight commission", "SaaS accelerator"]
    assert "How it may be gamed" in (tmp_path / "schemes.html").read_text(encoding="utf-8")
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


def interrupting_at(name):
    """Give progress that interrupts as soon as something of that name is told."""

    def tell(told, done, total):
        if told.startswith(name):
            raise KeyboardInterrupt

    return tell


@pytest.mark.parametrize(
    ("at", "tried", "words"),
    [
        ("elasticity 0.45", 1, "elasticity = 0.45, least = 0.3"),
        ("straight: gaming", 6, "how straight and capped may be gamed"),
    ],
)
def test_who_interrupts_a_comparison_keeps_what_was_compared(towns, at, tried, words):
    sides = with_schemes(towns, {"straight": STRAIGHT, "capped": CAPPED})
    found = scheme_study(
        sides, todays_book(towns), "straight", replications=4, sensitivity_years=2, gaming_years=2,
        progress=interrupting_at(at),
    )  # fmt: skip
    assert len(found.rows)
    assert len(found.sensitivity) == 3 * tried  # three figures of one scheme
    assert found.gaming.empty
    last = scheme_sheet(found, "").answer[-1]
    assert last.startswith("Interrupted: 2 schemes are compared in 4 years; left out are ")
    assert words in last


def test_honest_years_that_were_simulated_serve_to_say_how_a_scheme_is_gamed(towns):
    sides, plan = with_schemes(towns, {"capped": CAPPED}), todays_book(towns)
    outcomes = simulate_together({"capped": (sides["capped"], plan)}, replications=40, rows=True)
    told = []
    again = exploitability(sides, plan, years=8, honest=outcomes, progress=lambda name, *_: told.append(name))
    assert again.equals(exploitability(sides, plan, years=8))
    assert not any("honest" in name for name in told)
