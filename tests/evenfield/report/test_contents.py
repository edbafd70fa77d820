from dataclasses import replace

import pytest

from evenfield.report import contents


def test_quotas_add_up_on_the_page(done):
    *reps, total = contents.quota_rows(done.scenarios["plan"], done.plans["plan"])
    assert total["quarters"] == [sum(line["quarters"][q] for line in reps) for q in range(4)]
    assert total["year"] == sum(line["year"] for line in reps) == done.scenarios["plan"].target_amount
    assert sum(line["share"] for line in reps) == pytest.approx(1)


def test_loads_add_up_on_the_page(done):
    *reps, total = contents.load_rows(done)
    assert total["now"]["customers"] == sum(line["now"]["customers"] for line in reps) == 6
    assert total["now"]["hours"] == pytest.approx(sum(line["now"]["hours"] for line in reps))


def test_terms_add_up_to_the_objective(done):
    from evenfield.money import exact

    assert contents.term_rows(done)[-1]["after"] == exact(done.plans["plan"].result.objective, "USD")


def test_every_term_of_the_objective_is_explained(done):
    assert all(line["meaning"] for line in contents.term_rows(done)[:-1])


def test_the_gap_is_said_in_words(done):
    plan = done.plans["plan"]
    proved = replace(plan, result=replace(plan.result, status="optimal", bound=plan.result.objective))
    assert contents.gap_in_words(proved, "USD") == (
        "The search is complete: no plan that keeps the hard rules costs less."
    )
    open_end = replace(plan, result=replace(plan.result, status="time limit", objective=200.0, bound=190.0))
    assert "over $10 (5.00%) less" in contents.gap_in_words(open_end, "USD")
    held = replace(open_end, result=replace(open_end.result, within="stands as well in balance"))
    said = contents.gap_in_words(held, "USD")
    assert "No plan that keeps the hard rules and stands as well in balance can cost over $10" in said
    assert "Nothing was optimized" in contents.gap_in_words(replace(plan, result=None), "USD")


def test_every_setting_is_listed_with_its_meaning_and_where_it_is_from(done):
    lines = {line["name"]: line for line in contents.setting_rows(done.scenarios["plan"])}
    assert lines["market.relationship_risk"]["value"] == "0.1"
    assert lines["market.relationship_risk"]["source"] == "set for this company"
    assert lines["market.patience_days"]["source"] == "default"
    assert lines["market.turnover.ramp_months"]["value"] == "4"
    assert all(line["meaning"] for line in lines.values())


def test_rules_that_are_broken_are_named(done):
    nobody = done.plans["plan"].owner.mask(done.plans["plan"].owner.index == "W1", "")
    broken = replace(done, plans={**done.plans, "plan": replace(done.plans["plan"], owner=nobody)})
    assert "W1" in str(contents.broken_rules(broken)["plan"][0])
    assert contents.broken_rules(done)["plan"] == []
