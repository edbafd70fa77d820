"""`evenfield lint`: exit codes, JSON, words in two languages, the page."""

import json

import pytest

from evenfield.lint_words import EXAMPLES, KINDS, WHERE, example_of, place_of, share
from scenarios import read
from scenarios.pay_curves import Cost, Factor, Step, Tier
from scenarios.pay_elements import Bonus, Commission, Gate, Multiplier, Penalty, Spiff
from scenarios.pay_terms import Draw, Windfall
from scenarios.scheme import Scheme
from simulation.paying.linting.finding import KINDS as ALL
from simulation.paying.linting.finding import Finding
from simulation.paying.linting.linter import lint

CLEAN = '[elements.commission]\nkind = "commission"\nweight = 1.0\n'
STEP = '[elements."all or nothing"]\nkind = "bonus"\nweight = 1.0\n'
RACE = '[elements.race]\nkind = "contest"\nprizes = [30, 20, 10]\n'

FALLING = (Tier(at=0, rate=2), Tier(at=0.9, rate=1))

BAD = (
    Scheme(
        elements={
            "c": Commission(weight=1, retroactive=True, tiers=(Tier(at=0, rate=2), Tier(at=0.9, rate=1)))
        }
    ),
    Scheme(elements={"b": Bonus(weight=1, steps=(Step(at=0.5, pays=0.5), Step(at=1, pays=1)))}),
    Scheme(elements={"c": Commission(weight=1, tiers=(Tier(at=0, rate=0), Tier(at=0.8, rate=4)), cap=1.5)}),
    Scheme(elements={"c": Commission(tiers=(Tier(at=0, rate=0.02), Tier(at=1, rate=1.5)))}),
    Scheme(elements={"c": Commission(weight=1), "d": Commission(tiers=(Tier(at=0, rate=0.02),))}),
    Scheme(elements={"c": Commission(weight=1), "s": Spiff(per_deal=500, least_deal=20_000)}),
    Scheme(windfall=Windfall(above=50_000)),
    Scheme(draws=(Draw(amount=5_000),)),
    Scheme(draws=(Draw(amount=3_000, recoverable=False),)),
    Scheme(
        elements={
            "c": Commission(
                weight=1,
                gates=(Gate(measure="satisfaction", at_least=2), Gate(at_least=0)),
                multipliers=(Multiplier(measure="satisfaction", steps=(Factor(at=0.5, times=0.5),)),),
            ),
            "p": Penalty(weight=0.1, measure="satisfaction", steps=(Cost(up_to=0, costs=0),)),
        }
    ),
    Scheme(elements={"b": Bonus(weight=1, measure="satisfaction", steps=(Step(at=0.8, pays=1),))}),
    Scheme.model_construct(elements={"c": Commission(weight=0.5)}),
)


@pytest.fixture
def scheme(tmp_path):
    def write(text, name="plan"):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return f"{name}.toml"

    return write


def test_a_clean_scheme_leaves_with_0(run, scheme):
    code, out, _ = run("lint", scheme(CLEAN))
    assert code == 0
    assert "No fault was found." in out
    assert "Who sells 2,000,000 (200%) earns 80,000" in " ".join(out.split())


def test_one_note_is_one(run, scheme):
    assert "1 fault and 1 note." in run("lint", scheme(CLEAN.replace("1.0", "0.5")))[1]


def test_help_names_the_table_of_keys(run):
    assert "keys of [scheme]" in " ".join(run("lint", "--help")[1].replace("│", " ").split())


def test_a_fault_leaves_with_1_and_says_what_where_and_how_much(run, scheme, tmp_path):
    code, out, _ = run("lint", scheme(STEP), "--json")
    words = json.loads(out)
    assert code == 1
    assert [f["kind"] for f in words["faults"]] == ["cliff", "flat", "flat", "shift"]
    cliff = words["faults"][0]
    assert set(cliff) >= {"kind", "where", "size", "example"}
    assert cliff["where"] == "rep: all or nothing: at 100% of a quarter's goal"
    assert cliff["size"] == 10_000
    assert cliff["example"] == (
        "The last cent to 250,000 in a quarter pays 10,000 at once, 100% of the quarter's target incentive."
    )
    assert words["pay_by_sales"]["rep"][-1]["pay"] == 40_000
    assert json.loads((tmp_path / "out" / "plan" / "lint.json").read_text(encoding="utf-8")) == words


def test_a_file_that_cannot_be_read_leaves_with_2(run, scheme):
    code, out, err = run("lint", scheme('[elements.b]\nkind = "bonus"\nweigth = 1\n'), "--json")
    assert code == 2
    assert json.loads(out)["problems"][0]["place"] == "plan.toml, elements.b, weigth"
    assert "did you mean 'weight'?" in err
    assert "Traceback" not in err


def test_weights_that_do_not_add_up_are_a_fault_and_the_rest_is_judged(run, scheme):
    code, out, _ = run("lint", scheme(STEP.replace("1.0", "0.5")), "--json")
    assert code == 1
    assert [f["kind"] for f in json.loads(out)["faults"]][:2] == ["weights", "cliff"]


def test_the_page_holds_the_table_and_loads_nothing(run, scheme, tmp_path):
    run("lint", scheme(STEP), "--out", "page")
    page = (tmp_path / "page" / "lint.html").read_text(encoding="utf-8")
    assert "The last cent to 250,000 in a quarter" in page
    assert "what the next sale pays" in page
    assert "default-src 'none'" in page
    run("lint", scheme(STEP), "--out", "page", "--language", "zh")
    page = (tmp_path / "page" / "lint.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "某季度做到 250,000 的最后一分钱一次带来 10,000" in page


def test_the_typical_person_may_be_another(run, scheme):
    _, out, _ = run("lint", scheme(STEP), "--json", "--quota", 400_000, "--incentive", 8_000)
    assert json.loads(out)["faults"][0]["size"] == 2_000


def test_a_scenario_judges_its_own_scheme_or_another(run, scheme, folder):
    code, out, _ = run("lint", "two_towns", "--json")
    assert (code, json.loads(out)["scenario"]) == (0, "two_towns")
    text = CLEAN + '[elements.lead]\nkind = "bonus"\namount = 5\nroles = ["manager"]\n' + RACE
    code, out, _ = run("lint", scheme(text), "--scenario", "two_towns", "--json")
    words = json.loads(out)
    assert code == 1
    assert [f["kind"] for f in words["faults"]] == ["contest"]
    assert [note["example"] for note in words["notes"][-2:]] == [
        "Nobody could be judged as manager.",
        "Without a quota on today's book, and so not judged: East.",
    ]
    code, _, err = run(
        "lint",
        scheme(text.replace("[elements.race]", '[elements.race]\nlines = ["X"]')),
        "--scenario",
        "two_towns",
    )
    assert code == 2
    assert "plan.toml, elements.race, lines: no such product line in products.csv" in err


def test_a_scheme_of_the_scenarios_folder_goes_by_its_name(run, folder):
    (folder / "schemes").mkdir()
    (folder / "schemes" / "step.toml").write_text(CLEAN, encoding="utf-8")
    towns = read(folder)
    assert (towns.reps["target_incentive"] == 0).all()
    code, out, _ = run("lint", "step", "--scenario", folder, "--json")
    assert code == 0
    assert any("these have none: West, East" in note["example"] for note in json.loads(out)["notes"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_has_words(language):
    assert set(KINDS[language]) == set(ALL)
    assert EXAMPLES["en"].keys() == EXAMPLES["zh"].keys()
    assert WHERE["en"].keys() == WHERE["zh"].keys()
    seen = set()
    for bad in BAD:
        for finding in lint(bad).findings:
            said = f"{place_of(finding, 'USD', language)} {example_of(finding, 'USD', language)}"
            assert "{" not in said
            assert "nan" not in said
            seen.add(finding.kind)
    prizes = {"prizes": 3.0, "count": 2.0, "between": "people", "sure": 5.0}
    said = example_of(Finding("contest", True, "rep", "rep", ("race",), 5.0, prizes), "USD", language)
    assert "$5" in said
    assert seen == set(ALL) - {"contest"}


def test_shares_have_as_many_digits_as_say_something():
    assert [share(x) for x in (1.0, 0.8, 0.99999999, 0.0125, 12.5)] == [
        "100%",
        "80%",
        "100%",
        "1.25%",
        "1250%",
    ]
