"""`evenfield explain`: reasons in English and Chinese, by name, and prices by planning anew."""

import json
import re

import pytest

from evenfield.phrases import rule
from evenfield.reasoning import counterfactual, price_words, sentences, short_reasons, terms_words
from optimizer import Price, optimize, rule_names
from optimizer.asking.reasons import Alternative, Reasons
from scenarios import write
from scenarios.building import build

ACCOUNTS = [
    {"name": "Named: Li", "kind": "only", "customers": ["E1"], "reps": ["West"]},
    {"name": "No East", "kind": "never", "customers": ["W3"], "reps": ["East"]},
]


@pytest.fixture
def plan(run, towns, tmp_path):
    """Make a plan of two towns with names, a named account and a forbidden pair."""
    towns.tables["reps"] = towns.tables["reps"].assign(name=["李伟", "Eve"], hours_per_year="1000")
    towns.settings["rules"] = {"accounts": ACCOUNTS}
    code, _, err = run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    assert code == 0, err
    return tmp_path / "made"


def test_a_customer_is_explained_by_name(run, plan):
    code, out, _ = run("explain", plan, "--customer", "W1")
    assert code == 0
    assert "W1 stays with 李伟." in out
    assert "The next best is Eve" in out
    code, out, _ = run("explain", plan, "--customer", "W1", "--language", "zh")
    assert "W1 仍由 李伟 负责。" in out
    assert "差旅 +$53" in out


def test_json_has_the_keys_scripts_rely_on(run, plan):
    code, out, _ = run("explain", plan, "--customer", "W2", "--json")
    words = json.loads(out)
    assert code == 0
    assert (words["customer"], words["owner"]) == ("W2", "West")
    (east,) = words["alternatives"]
    assert set(east) == {"rep", "cost", "terms", "breaks", "alone", "least"}
    assert east["cost"] == pytest.approx(sum(east["terms"].values()))
    assert words["counterfactual"].startswith("W2 would go to Eve if")


def test_who_may_not_serve_is_said(run, plan):
    _, out, _ = run("explain", plan, "--customer", "W3", "--json")
    words = json.loads(out)
    assert words["forbidden"] == {"East": ["No East"]}
    assert words["counterfactual"] == "Nobody else may serve it."


def test_a_rule_and_an_owner_have_prices(run, plan):
    code, out, _ = run("explain", plan, "--rule", "Named: Li", "--json")
    words = json.loads(out)
    # Served from its own town E1 spares the drive of 53.4 but loses 100 x .1 x .5 by the change.
    assert words["price"] == pytest.approx(53.4 - 5, abs=0.1)
    assert words["least"] <= words["price"] <= words["most"]
    code, out, _ = run("explain", plan, "--customer", "W1", "--rep", "East", "--json")
    words = json.loads(out)
    assert code == 0
    (east,) = words["alternatives"]
    assert words["price"] >= east["least"] - 1e-6
    # The drive of 53.4, and 100 x .1 x .5 at risk.
    assert east["least"] == pytest.approx(53.4 + 5, abs=0.1)
    assert words["counterfactual"] == f"W1 would go to Eve if it cost ${words['price']:,.0f} a year less."


def test_what_is_proved_and_what_is_priced_are_told_apart(run, plan):
    said = {
        language: run("explain", plan, "--customer", "W1", "--language", language)[1]
        for language in ("en", "zh")
    }
    assert "That is by the prices of the plan; when all else adapts it is at least $" in said["en"]
    assert "W1 would go to Eve if it cost about $" in said["en"]
    assert "其他客户随之调整后至少多花 $" in said["zh"]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ([], 2, "give --customer, --rule, --quota or --pay; the rules are: hours, Named: Li, No East"),
        (["--customer", "X"], 2, "no such customer"),
        (["--rule", "X"], 2, "no such rule; the scenario has"),
        (["--customer", "W1", "--rep", "X"], 2, "no such rep"),
        (["--customer", "W3", "--rep", "East"], 3, "rep East may not serve customer W3: No East"),
    ],
)
def test_what_cannot_be_explained_is_said(run, plan, asked, code, said):
    found, _, err = run("explain", plan, *asked)
    assert found == code
    assert said in " ".join(err.split())


def test_the_workbook_column_has_a_reason_for_each(done):
    scenario, plan = done.scenarios["plan"], done.plans["plan"]
    said = short_reasons(scenario, Reasons(scenario, plan))
    assert len(said) == 6
    assert all("a year" in reason for reason in said)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--rule", "hours", "--rep", "East"], "it belongs to --customer, not to --rule"),
        (["--rule", "hours", "--customer", "W1"], "give one of them"),
        (["--rep", "East"], "say with --customer which customer"),
        (["--customer", "w2"], "did you mean W2"),
        (["--rule", "no east"], "did you mean No East?"),
        (["--customer", "W1", "--rep", "eve"], "did you mean East?"),
    ],
)
def test_contradictions_and_slips_are_refused_with_a_remedy(run, plan, asked, said):
    code, _, err = run("explain", plan, *asked)
    assert code == 2
    assert said in " ".join(err.split())


def test_a_folder_without_a_plan_is_said(run, tmp_path):
    code, _, err = run("explain", tmp_path / "nowhere", "--customer", "W1")
    assert code == 2
    assert "there is no such folder; name a folder that `evenfield plan --out` has written" in err
    (tmp_path / "empty").mkdir()
    assert "it holds no plan.json" in run("edit", tmp_path / "empty", "--move", "W1=East")[2]


def test_a_plan_beside_another_scenario_is_said(run, plan):
    file = plan / "scenario" / "two_towns" / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("amount = 1200.0", "amount = 1300.0"), encoding="utf-8")
    code, _, err = run("explain", plan, "--customer", "W1")
    assert code == 2
    assert "made for another scenario than the one beside it" in err


def test_keys_that_look_like_words_of_ours_are_kept_apart(towns):
    """A rep and a customer share a key, a limit and a rep hold " of ", and each has its own name."""
    keys = {"West": "W1", "East": "head of East"}
    towns.tables["reps"] = towns.tables["reps"].assign(
        rep=list(keys.values()), name=["Will", "Eve"], hours_per_year=["1000", "1000"]
    )
    towns.tables["customers"] = towns.tables["customers"].assign(owner="W1", name="Acme")
    towns.tables["history"]["rep"] = "W1"
    limit = {"name": "share of all", "measure": "customers", "reps": ["head of East"], "at_most": 3}
    towns.settings["rules"] = {"limits": [limit]}
    scenario = build(towns)
    plan = optimize(scenario, gap=0.0)
    reason = Reasons(scenario, plan).why("W1")
    said = " ".join(sentences(scenario, reason))
    assert said.startswith("Acme stays with Will. ")
    assert "share of all of Eve would be 4, 1 over 3" in said


def test_an_owner_of_today_who_may_not_keep_it_is_the_counterfactual(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    rule = {"name": "to the East", "kind": "only", "customers": ["W1"], "reps": ["East"]}
    towns.settings["rules"] = {"accounts": [rule]}
    scenario = build(towns)
    reason = Reasons(scenario, optimize(scenario, gap=0.0)).why("W1")
    said = counterfactual(scenario, reason)
    assert said == "W1 would stay with West if these rules allowed it: to the East."


def test_goals_in_strict_order_are_said_in_their_units(run, towns, tmp_path):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves", "travel"]}
    run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    code, out, err = run("explain", tmp_path / "made", "--customer", "E1", "--rep", "East")
    assert code == 0, err
    assert "The plan follows goals in strict order: moves, travel" in out
    assert "moves +1 customer (1 customer with it, 0 customers without)" in out
    assert "E1 would go to East if moves did not come first" in out
    words = json.loads(run("explain", tmp_path / "made", "--rule", "hours", "--json")[1])
    assert [goal["unit"] for goal in words["goals"]] == ["customers", "money", "money"]
    assert words["least"] is None


def test_chinese_sentences_hold_no_english(towns):
    """Rules without names of their own are named in Chinese: balance, limits, eligibility, locks."""
    towns.tables["customers"] = towns.tables["customers"].assign(
        region=["a", "a", "", "", "b", ""],
        lock=["", "", "yes", "", "", ""],
        family=["", "", "", "f", "", "f"],
    )
    towns.tables["reps"] = towns.tables["reps"].assign(
        name=["李伟", "王芳"], regions=["a;b", "b"], hours_per_year=["90", "90"]
    )
    towns.settings["rules"] = {
        "eligibility": [{"customer": "region", "rep": "regions"}],
        "accounts": [{"kind": "never", "customers": ["E2"], "reps": ["West"]}],
        "balance": [{"measure": "potential", "tolerance": 0.5, "price": 0.3}],
        "limits": [{"measure": "customers", "at_most": 4, "at_least": 2}],
        "move_limit": 4,
        "move_limit_per_rep": 5,
        "fairness": [{"measure": "customers", "notion": "gini", "price": 10.0}],
    }
    scenario = build(towns)
    plan = optimize(scenario, gap=0.0)
    words = []
    for reason in Reasons(scenario, plan).whys(list(scenario.customers.index)):
        words += [*sentences(scenario, reason, "zh"), counterfactual(scenario, reason, "zh")]
    for name in rule_names(scenario):
        words += price_words(scenario, rule(name, "zh"), Price(1.0, 0.0, 2.0, 1), "zh")["sentences"]
    allowed = r"\b([WE][123]|regions?)\b|^f$| f "
    english = [word for word in words if re.search("[A-Za-z]{2,}", re.sub(allowed, "", word))]
    assert english == []


def test_terms_and_what_smaller_ones_add_up_to_make_the_cost(two_towns):
    terms = {"travel": 90.0, "disruption": 10.0, "fit": 1.2, "ramp": -0.2, "vacancy": 1.0}
    other = Alternative("West", sum(terms.values()), terms, (), 0.0)
    assert terms_words(two_towns, other, "en").endswith("smaller terms +$2")
    assert terms_words(two_towns, other, "zh").endswith("其他小项 +$2")
    amounts = [int(n) for n in re.findall(r"\+\$(\d+)", terms_words(two_towns, other, "en"))]
    assert sum(amounts) == round(other.cost)
