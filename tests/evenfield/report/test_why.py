"""The panel "Why this customer?"."""

from dataclasses import replace

from evenfield.report import why
from evenfield.report.page import page
from optimizer.asking.reasons import Reasons
from scenarios import read
from scenarios.rules import Rules


def test_every_customer_has_owner_next_best_and_what_would_change_it(done):
    panel = why.panel(done)
    scenario, plan = done.scenarios["plan"], done.plans["plan"]
    assert [row["key"] for row in panel["rows"]] == list(scenario.customers.index)
    assert panel["said"] == {"en": "All 6 customers.", "zh": "全部 6 个客户。"}
    reasons = Reasons(scenario, plan)
    for row in panel["rows"]:
        best = reasons.why(row["key"]).alternatives[0]
        assert row["next"][0]["rep"] == scenario.reps.loc[best.rep, "name"]
        assert row["next"][0]["money"] == f"{'+' if best.cost >= 0 else '-'}${abs(round(best.cost)):,}"
        assert row["next"][0]["en"].split(" ")[0] in ("travel", "scarce", "risk")
        assert row["change"]["zh"]


def test_of_a_large_company_those_that_move_are_shown_and_that_is_said(done, monkeypatch):
    monkeypatch.setattr(why, "MOST", 2)
    scenario, plan = done.scenarios["plan"], done.plans["plan"]
    leaving = (plan.owner != scenario.customers["owner"]).sum()
    panel = why.panel(done)
    assert len(panel["rows"]) == 2
    assert panel["said"]["en"].startswith(
        f"Of 6 customers the {leaving} that change their rep, the 2 of most"
    )
    dearest = scenario.customers["potential"][[row["key"] for row in panel["rows"]]]
    assert (
        dearest.min()
        >= scenario.customers["potential"][plan.owner != scenario.customers["owner"]].nlargest(2).min()
    )


def test_the_page_holds_the_panel_in_both_languages(done):
    text = page(done)
    assert "Why this customer?" in text
    assert "为什么是这位负责人？" in text
    assert text.count("<tr><td>") >= 6
    assert 'data-search="why-rows"' in text
    assert "<script>alert" not in text


def test_where_nobody_may_serve_somebody_the_page_says_so(done):
    scenario = done.scenarios["plan"]
    never = {"name": "never", "kind": "never", "customers": ["W1"], "reps": list(scenario.reps.index)}
    rules = Rules.model_validate(scenario.rules.model_dump() | {"accounts": [never]})
    broken = scenario.replace(rules=rules)
    plan = replace(done.plans["plan"], scenario_digest=broken.digest)
    held = replace(done, scenarios={**done.scenarios, "plan": broken}, plans={**done.plans, "plan": plan})
    panel = why.panel(held)
    assert panel["rows"] == []
    assert "no rep may serve 1 of 6 customers by never: W1" in panel["said"]["en"]


def test_the_whole_of_superstore_fits(done):
    assert len(read("superstore").customers) <= why.MOST
