"""`evenfield quotas` as scripts and people use it."""

import csv
import json

import openpyxl
import pytest

from evenfield.quota_reasons import quota_reason, quotas_of
from evenfield.saving import load_plan

EDITS = """
[[pin]]
name = "agreed with West"
node = "West"
amount = 700
[[freeze]]
node = "East"
periods = ["Q1"]
"""


@pytest.fixture
def company(folder):
    """Give East's customers to East."""
    file = folder / "customers.csv"
    with file.open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        row["owner"] = "East" if row["customer"].startswith("E") else "West"
    with file.open("w", encoding="utf-8", newline="") as text:
        table = csv.DictWriter(text, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    return folder


@pytest.fixture
def edits(tmp_path):
    file = tmp_path / "edits.toml"
    file.write_text(EDITS, encoding="utf-8")
    return file


def test_quotas_under_edits_add_up_and_can_be_simulated(run, company, edits):
    code, out, err = run("quotas", company, "--edits", edits, "--out", "made", "--json")
    words = json.loads(out)
    assert code == 0
    assert (words["target"], words["base_total"], words["unreconciled"], words["unassigned"]) == (
        1200,
        1200,
        0,
        0,
    )
    assert words["reps"]["West"]["base"] == 700
    assert words["edits"][0]["says"].startswith("West is to have 700.00")
    assert "Saved in" in err
    with open("made/quota_cells.csv", encoding="utf-8") as file:
        cells = list(csv.DictReader(file))
    east = {row["period"]: float(row["base"]) for row in cells if row["node"] == "East"}
    assert sum(east.values()) == 500
    code, out, _ = run("simulate", "made", "--replications", "4", "--json")
    assert code == 0
    assert load_plan("made")[1].quota.loc["West"].sum() == 700


def test_tables_for_people_and_a_workbook_with_live_sums(run, company, edits):
    code, out, err = run("quotas", company, "--edits", edits, "--out", "made")
    assert code == 0
    for words in ("Who", "Year", "agreed with West", "Others move by"):
        assert words in out
    with open("made/quotas.html", encoding="utf-8") as file:
        page = file.read()
    assert page.count("data-picture") >= 2
    assert "agreed with West" in page
    assert "every sum is proved" in page
    assert "Reconciled: all nodes add up; $1,200 asked of a target of $1,200." in err
    book = openpyxl.load_workbook("made/plan.xlsx")
    assert book.sheetnames == [
        "Quota tree", "Quota cells", "Collections", "New customers", "Reconciliation", "Edits", "Notices",
        "Feasibility", "Quality", "Over-assignment", "Budget", "From below",
    ]  # fmt: skip
    sheet = book["Quota tree"]
    assert sheet["D2"].value == "=SUM(D3:D4)"
    assert sheet["H2"].value == "=SUM(D2:G2)"
    shown = openpyxl.load_workbook("made/plan.xlsx", data_only=True)["Quota tree"]
    assert shown["H2"].value == 1200


def test_a_plan_is_never_written_over(run, company, edits):
    assert run("plan", company, "--out", "mine", "--time-limit", 5)[0] == 0
    code, _, err = run("quotas", "mine", "--out", "mine")
    assert code == 2
    assert "this folder holds a plan" in err
    assert run("quotas", "mine", "--edits", edits)[0] == 0
    assert load_plan("out/two_towns-quotas")[1].quota.loc["West"].sum() == 700
    assert run("quotas", "mine")[0] == 0


def test_a_clash_is_3_and_names_both_edits(run, company, tmp_path):
    file = tmp_path / "edits.toml"
    file.write_text(
        '[[pin]]\nnode = "West"\namount = 700\n[[pin]]\nnode = "East"\namount = 700\n', encoding="utf-8"
    )
    code, out, err = run("quotas", company, "--edits", file, "--json")
    assert code == 3
    assert "pin 1: West is to have 700.00" in err
    assert "way out: pin 2: 500.00 instead of 700.00 (-200.00)" in err
    assert json.loads(out)["status"] == "no plan exists"


def test_all_that_is_wrong_with_edits_is_said_at_once(run, company, tmp_path):
    file = tmp_path / "edits.toml"
    file.write_text('[[pin]]\nnode = "West"\namount = -1\nmixed = 1\n[[freeze]]\n', encoding="utf-8")
    code, _, err = run("quotas", company, "--edits", file)
    assert code == 2
    assert "edits.toml, pin 1, amount" in err
    assert "edits.toml, pin 1, mixed: unknown key; did you mean mix?" in err
    assert "edits.toml, freeze 1, node" in err
    file.write_text('[[pin]]\nnode = "Wset"\namount = 1\n[[freeze]]\nnode = "x"\n', encoding="utf-8")
    code, _, err = run("quotas", company, "--edits", file)
    assert code == 2
    assert "perhaps West" in err
    assert "freeze 1, node" in err
    assert run("quotas", company, "--edits", tmp_path / "none.toml")[0] == 2


def test_why_this_quota_in_english_and_chinese(run, company, edits, tmp_path):
    run("quotas", company, "--edits", edits, "--out", "made")
    scenario, plan = load_plan("made")
    found = quotas_of(scenario, plan, tmp_path / "made")
    english = quota_reason(found, "West")
    assert english["sentences"][0] == "The company is asked for $1,200."
    assert english["edits"] == {
        "agreed with West": english["base"] - found.plan.cube.by_leaf(1).loc["West"].sum()
    }
    assert any("agreed with West" in sentence for sentence in english["sentences"])
    chinese = quota_reason(found, "West", "zh")["sentences"]
    assert chinese[0] == "公司目标为$1,200。"
    assert len(chinese) == len(english["sentences"])


def test_explain_takes_a_plan_whose_quotas_were_edited(run, company, edits):
    run("quotas", company, "--edits", edits, "--out", "made")
    code, out, _ = run("explain", "made", "--quota", "West", "--json")
    words = json.loads(out)
    assert (code, words["base"]) == (0, 700)
    code, out, _ = run("explain", "made", "--quota", "West", "--language", "zh")
    assert code == 0
    assert out.startswith("公司目标")
    code, _, err = run("explain", "made", "--quota", "Wset")
    assert code == 2
    assert "perhaps West" in err
    assert run("explain", "made", "--quota", "West", "--customer", "W1")[0] == 2


def test_actuals_are_graded_against_quotas_and_budget(run, company, tmp_path):
    file = tmp_path / "sold.csv"
    file.write_text("rep,sales,cost\nWest,700,10\nEast,300,20\n", encoding="utf-8")
    code, out, _ = run("quotas", company, "--actuals", file, "--json")
    words = json.loads(out)
    rows = {row["rep"]: row for row in words["actuals"]}
    assert code == 0
    assert rows["West"]["attainment"] == pytest.approx(700 / words["reps"]["West"]["base"])
    assert rows["West"]["sales_grade"] == "excellent"
    assert rows["East"]["sales_grade"] == "fail"
    assert rows["company"]["sales"] == 1000
    file.write_text("rep,sales,cost\nWest,much,10\nWset,300,20\n", encoding="utf-8")
    code, _, err = run("quotas", company, "--actuals", file)
    assert code == 2
    for said in ("sold.csv row 2, sales", "no such rep", "no row for this rep"):
        assert said in err


def test_what_was_proved_of_a_plan_is_not_claimed_for_a_what_if_of_it(run, company, tmp_path):
    assert run("plan", company, "--out", "mine", "--time-limit", 5)[0] == 0
    change = tmp_path / "more.toml"
    change.write_text('title = "More"\n[set.target]\namount = 1500\n', encoding="utf-8")
    assert run("quotas", "mine", "--out", "same")[0] == 0
    assert load_plan("same")[1].result is not None
    assert run("quotas", "mine", "--change", change, "--out", "other")[0] == 0
    assert load_plan("other")[1].result is None


def test_explain_speaks_of_the_quotas_in_the_folder_when_odds_were_simulated(run, company, tmp_path):
    change = tmp_path / "odds.toml"
    change.write_text('title = "Odds"\n[set.quotas]\nblend = { odds = 1.0 }\n', encoding="utf-8")
    code, out, err = run("quotas", company, "--change", change, "--simulated", 5, "--out", "made", "--json")
    assert code == 0, err
    base = json.loads(out)["reps"]["East"]["base"]
    code, out, _ = run("explain", "made", "--quota", "East", "--json")
    assert (code, json.loads(out)["base"]) == (0, base)
    with open("made/edits.toml", "w", encoding="utf-8") as edits:
        edits.write(f'[[pin]]\nnode = "East"\namount = {base + 1:.0f}\n')
    code, _, err = run("explain", "made", "--quota", "East")
    assert code == 2
    assert "run `evenfield quotas` again" in err


def test_the_chance_of_a_padded_quota_is_said_beside_that_of_the_base(run, company, tmp_path):
    change = tmp_path / "padded.toml"
    change.write_text('title = "Padded"\n[set.quotas]\npadding = { rep = 0.5 }\n', encoding="utf-8")
    code, out, err = run("quotas", company, "--change", change, "--out", "made", "--json")
    assert code == 0, err
    rows = json.loads(out)["feasibility"]
    assert all(row["chance_padded"] < row["chance"] for row in rows)


def test_a_node_that_absorbs_is_given_in_a_list(run, company, tmp_path):
    file = tmp_path / "edits.toml"
    file.write_text('[[pin]]\nnode = "West"\namount = 700\nabsorb = "East"\n', encoding="utf-8")
    code, _, err = run("quotas", company, "--edits", file)
    assert code == 2
    assert 'give siblings, company, nobody, or a list of nodes: ["East"]' in err
    assert "literal" not in err


WRONG = """
[[pin]]
node = "Wset"
amount = -5
[[pin]]
name = "hers"
node = "Wei West"
amount = 5
[[freeze]]
node = "West"
periods = ["Q5", "2017-13"]
[[move]]
from = "West"
"""


def call_west(company, name):
    file = company / "reps.csv"
    with file.open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        row["name"] = name if row["rep"] == "West" else "Eva East"
    with file.open("w", encoding="utf-8", newline="") as text:
        table = csv.DictWriter(text, rows[0].keys())
        table.writeheader()
        table.writerows(rows)


def test_what_is_written_wrong_and_who_is_not_there_is_said_at_once(run, company, tmp_path):
    call_west(company, "Wei West")
    file = tmp_path / "mine.toml"
    file.write_text(WRONG, encoding="utf-8")
    code, _, err = run("quotas", company, "--edits", file)
    assert code == 2
    assert "6 problems" in err
    for said in (
        "mine.toml, pin 1, amount",
        "mine.toml, pin 1, node: name a rep or a node of the hierarchy; perhaps West",
        "mine.toml, pin 2, node: name a rep by the key in reps.csv: West",
        "(found 'Q5')",
        "(found '2017-13')",
        'mine.toml, move 1, from: give a list: ["West"]',
    ):
        assert said in err
    file.write_text('[[pin]]\nnode = "West"\namount = 5.5\n', encoding="utf-8")
    assert "mine.toml, pin 1, amount: give a multiple" in run("quotas", company, "--edits", file)[2]


def test_a_rep_is_explained_by_key_and_the_key_is_told(run, company):
    call_west(company, "Wei West")
    run("quotas", company, "--out", "made")
    code, _, err = run("explain", "made", "--quota", "wei west")
    assert (code, "name a rep by the key in reps.csv: West" in err) == (2, True)


def test_drivers_used_nowhere_or_not_by_all_are_notes(run, company):
    (company / "drivers.csv").write_text(
        "rep,driver,line,amount\nWest,stores,,5\nEast,store,,5\n", encoding="utf-8"
    )
    change = company / "changes" / "stores.toml"
    change.write_text('title = "stores"\n[set.quotas]\nblend = { stores = 1.0 }\n', encoding="utf-8")
    code, _, err = run("quotas", company, "--change", change)
    assert code == 0
    assert "Note: no `stores` in drivers.csv, which counts as 0: East" in err
    assert "Note: driver `store` of drivers.csv (1 rows) is used nowhere (see quotas.blend)" in err


def test_the_page_says_what_the_terminal_says(run, company, edits, tmp_path):
    actuals = tmp_path / "sold.csv"
    actuals.write_text("rep,sales,cost\nWest,350,10\nEast,500,10\n", encoding="utf-8")
    code, _, err = run("quotas", company, "--edits", edits, "--actuals", actuals, "--out", "made")
    assert code == 0
    with open("made/quotas.html", encoding="utf-8") as file:
        page = file.read()
    for title in ("Notes", "Other quotas", "Actuals against quotas and budget"):
        assert f">{title}<" in page
    for kind in ("Note: ", "From below: "):
        for line in err.splitlines():
            if line.startswith(kind):
                assert line.removeprefix(kind) in page
    assert "without quotas.hierarchy all 2 reps are siblings" in err
    # 350 of 700 and 500 of 500
    assert "50.0%" in page
    assert "100.0%" in page


def test_edits_that_meet_are_explained_together(run, company, tmp_path):
    file = tmp_path / "edits.toml"
    file.write_text(2 * '[[limit]]\nnode = "West"\nleast = 700\n', encoding="utf-8")
    run("quotas", company, "--edits", file, "--out", "made")
    words = json.loads(run("explain", "made", "--quota", "West", "--json")[1])
    before = words["splits"][-1]["amount"]
    assert (words["edits"], words["together"]) == ({}, 700 - before)
    assert words["sentences"][-2].startswith("Where edits meet, what they do only together makes it $")
    chinese = run("explain", "made", "--quota", "West", "--language", "zh")[1]
    assert "多项调整" in chinese
    assert "Company" not in chinese
