"""What people are paid, as pages, tables and JSON."""

import json
import re
from fractions import Fraction

import pandas as pd
import pytest

from evenfield.money import to_the_cent
from evenfield.statement_words import KINDS_ZH, WORDS
from scenarios import Change, write
from scenarios.pay_elements import ELEMENTS
from scenarios.pay_measures import MEASURES
from scenarios.scheme import Scheme
from simulation.paying.exact import half_up

SCHEME = {
    "name": "growth",
    "elements": {
        "commission": {
            "kind": "commission", "weight": 0.6,
            "tiers": [{"at": 0, "rate": 1}, {"at": 1, "rate": 2}],
            "multipliers": [{"measure": "visits_kept", "steps": [{"at": 0.5, "times": 1.1}]}],
        },
        "card": {
            "kind": "scorecard", "weight": 0.4, "period": "half-year",
            "items": [
                {"measure": "collections", "weight": 0.5, "most": 1.2},
                {"measure": "score:teamwork", "weight": 0.5, "assumed": 0.8},
            ],
            "gates": [{"measure": "satisfaction", "at_least": 0.99, "otherwise": 0.5}],
        },
        "push": {"kind": "spiff", "share": 0.01},
        "best": {"kind": "contest", "prizes": [50.0, 25.0]},
        "together": {"kind": "team bonus", "roles": ["rep", "manager"], "of": "company", "amount": 90.0},
        "late": {"kind": "penalty", "measure": "visits_kept", "amount": 5.0,
                 "steps": [{"up_to": 0.9, "costs": 1.0}]},
        "lead": {"kind": "bonus", "roles": ["manager"], "of": "team", "weight": 1.0, "between": "line",
                 "steps": [{"at": 0.1, "pays": 0.1}, {"at": 1.0, "pays": 1.0}]},
    },
    "draws": [{"amount": 900.0}],
    "windfall": {"above": 1000.0, "counts": 0.5},
    "clawback": {},
    "differentials": [{"where": {"rep": ["west"]}, "times": 1.1}],
}  # fmt: skip


@pytest.fixture
def company(hostile, tmp_path):
    """Two towns with hostile names, a manager of both, and a scheme of every kind."""
    manager = {"name": "<i>Mia</i> 王", "role": "manager", "teams": "all", "supports": "", "start": pd.NaT,
               "end": pd.NaT, "base_pay": 90_000.0, "target_incentive": 10_000.0}  # fmt: skip
    scheme = {**SCHEME, "differentials": []}
    made = hostile.replace(
        reps=hostile.reps.assign(team="all"),
        staff=pd.DataFrame(manager, index=pd.Index(["mia"], name="person")),
        scheme=Scheme.model_validate(scheme),
    )
    write(made, tmp_path / "towns")
    return "towns"


def test_an_amount_is_written_to_the_cent():
    assert [to_the_cent(c, "USD") for c in (123456, -5, 0)] == ["$1,234.56", "-$0.05", "$0.00"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_statement_is_a_page_a_table_and_json_that_add_up(run, company, tmp_path, language):
    code, out, err = run(
        "statement", company, "--rep", "west", "--replication", 2, "--language", language, "--json",
        "--out", "here",
    )  # fmt: skip
    assert code == 0, err
    found = json.loads(out)
    assert found["total"] == pytest.approx(found["base"] + sum(found["parts"].values()))
    paid = sum(quarter["paid"] for quarter in found["quarters"])
    assert found["incentive"] == pytest.approx(paid)
    page = (tmp_path / "here" / "statement.html").read_text(encoding="utf-8")
    assert "<b>Ann</b>" not in page
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; 吴" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://example.com/x", "")
    assert len(page) < 400_000  # no figure, so no drawing library
    for part in ("commission", "card", "push", "best", "together", "late"):
        assert f"<h2>{part}</h2>" in page
    assert (WORDS["zh"]["how"] in page) == (language == "zh")
    lines = pd.read_csv(tmp_path / "here" / "credit_lines.csv")
    booked = next(a for a in found["accounts"] if (a["account"], a["of"]) == ("bookings", "own"))
    meant = lines["accounts"].fillna("").str.split("; ").map(lambda names: "bookings" in names)
    own = lines["person"] == "west"
    assert lines["credited"][meant & own].sum() == pytest.approx(sum(booked["months"]))
    assert json.loads((tmp_path / "here" / "statement.json").read_text(encoding="utf-8")) == found


def test_everybody_has_a_page_and_a_row(run, company, tmp_path):
    code, out, err = run("statements", company, "--out", "all")
    assert code == 0, err
    assert "mia" not in out
    assert "<i>Mia</i> 王" in out
    assert sorted(f.name for f in (tmp_path / "all").iterdir()) == [
        "credit_lines.csv", "east.html", "mia.html", "statements.csv", "west.html",
    ]  # fmt: skip
    table = pd.read_csv(tmp_path / "all" / "statements.csv").set_index("person")
    parts = list(SCHEME["elements"])
    parts = [name for name in parts if name in table] + ["penalties", "limit", "guarantee", "draw"]
    sums = table["base"] + table[parts].sum(axis=1)
    assert sums.tolist() == pytest.approx(table["total"].tolist())
    assert table.loc["mia", ["commission", "push"]].tolist() == [0, 0]
    page = (tmp_path / "all" / "mia.html").read_text(encoding="utf-8")
    assert "of the team" in page
    one = json.loads(run("statement", company, "--rep", "mia", "--json")[1])
    assert one["total"] == table.loc["mia", "total"]


def test_the_past_is_paid_without_behavior(run, company):
    code, out, err = run("statement", company, "--rep", "west", "--actuals", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert {line["date"][:4] for line in found["lines"]} == {"2025"}
    assert "replication" not in found
    assert run("statements", company, "--actuals")[0] == 0


def test_pay_is_explained_with_what_would_have_paid_more(run, company):
    code, out, err = run("explain", company, "--pay", "west", "--replication", 1, "--json")
    assert code == 0, err
    found = json.loads(out)
    stated = json.loads(run("statement", company, "--rep", "west", "--replication", 1, "--json")[1])
    assert found["total"] == stated["total"]
    assert found["parts"] == stated["parts"]
    assert found["with_10_percent_more_sales"] >= found["total"]
    assert all(step["gain"] > 0 and step["missing"] > 0 for step in found["next_steps"])
    code, out, _ = run("explain", company, "--pay", "mia", "--language", "zh")
    assert code == 0
    assert "底薪" in out


def test_pay_of_the_past_and_by_another_scheme_is_explained_and_stated(run, company):
    code, out, err = run("explain", company, "--pay", "west", "--actuals", "--json")
    assert code == 0, err
    stated = json.loads(run("statement", company, "--rep", "west", "--actuals", "--json")[1])
    assert json.loads(out)["total"] == stated["total"]
    other = ("--scheme", "straight-commission", "--actuals", "--json")
    code, out, err = run("statement", company, "--rep", "west", *other)
    assert code == 0, err
    found = json.loads(out)
    assert found["scheme"] == "straight-commission"
    assert found["total"] != stated["total"]
    table = json.loads(run("statements", company, *other)[1])["people"]
    assert next(row for row in table if row["person"] == "west")["total"] == found["total"]
    assert not {"card", "push"} & set(table[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "towns", "--quota", "west", "--actuals"), "goes with --pay"),
        (("statement", "towns", "--rep", "west", "--scheme", "straight-comission"), "did you mean"),
        (("statement", "towns", "--rep", "wets"), "did you mean 'west'"),
        (("statement", "towns", "--rep", "west", "--actuals", "--seed", 1), "beside --actuals"),
        (("explain", "towns", "--pay", "nobody"), "no such person"),
        (("explain", "towns", "--pay", "west", "--quota", "west"), "leave one of them out"),
        (("explain", "towns", "--quota", "west", "--replication", 1), "which year of --pay"),
    ],
)
def test_what_cannot_be_answered_is_said(run, company, words, said):
    code, _, err = run(*words)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_the_seed_is_that_of_the_years_simulated_into_the_folder(run, company):
    assert run("plan", company, "--out", "made", "--time-limit", 5)[0] == 0
    assert run("simulate", "made", "--replications", 4, "--seed", 9)[0] == 0
    found = json.loads(run("statement", "made", "--rep", "west", "--json")[1])
    assert (found["seed"], found["replication"]) == (9, 0)
    other = json.loads(run("statement", "made", "--rep", "west", "--seed", 8, "--json")[1])
    assert other["seed"] == 8
    assert other["total"] != found["total"]
    assert run("simulate", company, "--replications", 4, "--seed", 5, "--out", "years")[0] == 0
    code, _, err = run("statement", "years", "--rep", "west")
    assert code == 2
    assert "name the scenario instead, with --seed 5" in err


def test_both_languages_have_all_words():
    assert set(WORDS["en"]) == set(WORDS["zh"])
    assert set(MEASURES) <= set(WORDS["en"])
    kinds = {element.model_fields["kind"].default for element in ELEMENTS}
    assert kinds == set(KINDS_ZH)
    for key, words in WORDS["en"].items():
        fields = {part.split("}")[0] for part in words.split("{")[1:]}
        assert fields == {part.split("}")[0] for part in WORDS["zh"][key].split("{")[1:]}, key


def test_specialists_and_support_have_statements_of_what_counts_for_them(run, two_towns, tmp_path):
    rates = {"kind": "commission", "tiers_in": "amount", "tiers": [{"at": 0, "rate": 0.02}]}
    what_if = {
        "name": "towns", "title": "Towns",
        "set": {
            "overlays": {"teams": [{"name": "pumps", "visits_per_year": 2.0}]},
            "scheme": {
                "elements": {
                    "sales": {**rates, "roles": ["rep"]},
                    "help": {**rates, "roles": ["overlay"]},
                    "desk": {**rates, "roles": ["support"]},
                },
                "crediting": {"overlay_share": 0.5},
            },
        },
        "add": {
            "specialists": [{"specialist": "eva", "overlay": "pumps", "latitude": 0, "longitude": 0,
                             "hours_per_year": 100}],
            "staff": [{"person": "sam", "role": "support", "supports": "west"}],
        },
    }  # fmt: skip
    made = Change.model_validate(what_if).apply(two_towns)
    write(made, tmp_path / "towns")
    assert run("plan", "towns", "--out", "made", "--time-limit", 5)[0] == 0
    found = {
        who: json.loads(run("statement", "made", "--rep", who, "--json")[1])
        for who in ("west", "east", "eva", "sam")
    }
    booked = {
        who: sum(line["credited"] for line in words["lines"] if line["event"] == "booking")
        for who, words in found.items()
    }
    assert booked["eva"] == pytest.approx((booked["west"] + booked["east"]) / 2)  # she supports everybody
    assert {line["why"] for line in found["eva"]["lines"]} == {"supported"}
    assert booked["sam"] == pytest.approx(booked["west"])
    assert {line["person"] for line in found["sam"]["lines"]} == {"west"}
    assert found["sam"]["counted"]["own"] == ["west", "sam"]
    paid = {"west": "sales", "east": "sales", "eva": "help", "sam": "desk"}
    for who, name in paid.items():
        assert found[who]["parts"][name] == pytest.approx(0.02 * booked[who], abs=0.02), who
        assert found[who]["parts"][name] > 0


AMOUNT = r"\$([\d,.]+\d)"


def number(text):
    return Fraction(text.replace(",", ""))


def test_what_is_shown_gives_the_cents_that_are_paid(run, company):
    found = json.loads(run("statement", company, "--rep", "west", "--json")[1])
    shown = {"commission": 0, "card": 0, "together": 0}
    for element in found["elements"]:
        if element["element"] == "commission":
            sums, _, paid = element["how"].split("; ")[0].partition(" = ")
            rates = re.findall(rf"([\d.]+)% x {AMOUNT}", sums)
            total = sum((number(rate) / 100 * number(amount) for rate, amount in rates), Fraction(0))
            if rates:
                assert half_up(total * 100) == number(paid.removeprefix("$")) * 100
        elif element["element"] in shown:
            for rate, amount, paid in re.findall(rf"([\d.,]+)% of {AMOUNT} = {AMOUNT}", element["how"]):
                assert half_up(number(rate) * number(amount)) == number(paid) * 100
        else:
            continue
        shown[element["element"]] += bool(re.search(r"% (x|of) \$", element["how"]))
    assert shown["commission"] > 0
    assert shown["card"] > 0


def test_a_team_bonus_says_the_teams_sum_and_the_persons_part(run, company, folder):
    # The three share 90 equally: 30 each a quarter, 120 a year of the company's 360.
    page = folder.parent / "here" / "statement.html"
    found = json.loads(run("statement", company, "--rep", "west", "--json", "--out", "here")[1])
    paid = [e for e in found["elements"] if e["element"] == "together"]
    assert {e["worth"] for e in paid} == {30.0}
    assert {e["how"] for e in paid if e["amount"]} <= {
        "the team's sum is 100% of $90.00 = $90.00; the person's share is 1 of 3: $30.00"
    }
    text = page.read_text(encoding="utf-8")
    assert "Worth $360.00 a year to the team at 100 % of goal." in text
    assert "Worth $120.00 a year at 100 % of goal." in text


def test_a_scorecard_is_explained_measure_by_measure(run, company):
    found = json.loads(run("explain", company, "--pay", "west", "--json")[1])
    (card,) = [sentence for sentence in found["sentences"] if sentence.startswith("card pays")]
    assert re.search(r"H1: score [\d.]+ \(collections .* of goal: [\d.]+ x 50% \+ teamwork", card)
    assert "x 50%); H2: score" in card


def test_new_customers_are_called_by_who_is_near_and_how_they_count_is_said(run, hostile, tmp_path):
    found = {"kind": "bonus", "measure": "new_customers", "amount": 5.0, "steps": [{"at": 1.0, "pays": 1.0}]}
    market = hostile.market.model_copy(update={"new_customers_per_year": 200.0, "new_customer_value": 500.0})
    scheme = Scheme.model_validate({"elements": {"found": found}})
    write(hostile.replace(market=market, scheme=scheme), tmp_path / "towns")
    code, _, err = run("statement", "towns", "--rep", "west", "--out", "here")
    assert code == 0, err
    page = (tmp_path / "here" / "statement.html").read_text(encoding="utf-8")
    assert "A new customer is none of customers.csv" in page
    lines = pd.read_csv(tmp_path / "here" / "credit_lines.csv")
    assert lines["new_customer"].any()
    assert ">new, near " in page
    assert run("statement", "towns", "--rep", "west", "--actuals", "--out", "past")[0] == 0
    page = (tmp_path / "past" / "statement.html").read_text(encoding="utf-8")
    assert "whose first order in history.csv lies in these months" in page
    assert "new, near" not in page
