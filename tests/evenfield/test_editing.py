"""`evenfield edit`: what a move does, on the command line."""

import json

import pytest

from scenarios import write
from scenarios.building import build


@pytest.fixture
def plan(run, towns, tmp_path):
    towns.settings["rules"] = {"limits": [{"measure": "customers", "at_most": 4, "price": 5.0}]}
    code, _, err = run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    assert code == 0, err
    return tmp_path / "made"


def test_a_move_is_shown_and_saved(run, plan, tmp_path):
    code, out, err = run("edit", plan, "--move", "W2=East", "--json")
    words = json.loads(out)
    assert code == 0
    assert words["price"] == pytest.approx(63.4, abs=0.1)
    # 4 x 12 h of calls and a drive of 53.4 h
    assert words["violations"] == ["hours of East: 101.4, 1.4 over the limit of 100.0"]
    assert {book["rep"] for book in words["books"]} == {"East", "West"}
    assert "Saved in" in err
    code, out, _ = run("edit", plan, "--move", "W2=East")
    assert "Price of the moves alone: $63 a year." in out
    assert "Breaks the hard limit hours of East: 101.4, 1.4 over the limit of 100.0" in out
    code, out, _ = run("explain", tmp_path / "made-edited", "--customer", "W1", "--json")
    assert code == 0


def test_the_rest_is_planned_anew(run, plan, tmp_path):
    code, out, _ = run("edit", plan, "--move", "W2=East", "--solve", "--out", tmp_path / "new", "--json")
    words = json.loads(out)
    assert code == 0
    assert words["solved"]["violations"] == []
    assert words["objective"] == pytest.approx(words["solved"]["objective"])
    # East has hours for four of whom one drives, if one of its own goes: that one is said.
    assert set(words["changed"].values()) <= {"West"}
    assert "W2" not in words["changed"]
    assert words["changed"]
    code, out, _ = run("edit", tmp_path / "new", "--move", "W2=West", "--json")
    assert json.loads(out)["price"] < 0


@pytest.mark.parametrize(
    ("move", "said"),
    [("W2", "write it as CUSTOMER=REP"), ("X=East", "no such customer"), ("W2=X", "no such rep")],
)
def test_what_cannot_be_moved_is_said(run, plan, move, said):
    code, _, err = run("edit", plan, "--move", move)
    assert code == 2
    assert said in err


def test_an_edited_plan_is_never_written_over(run, plan, tmp_path):
    """The second edit goes beside the first; a named folder with a plan in it needs --force."""
    assert "Saved in" in run("edit", plan, "--move", "W2=East")[2]
    first = (tmp_path / "made-edited" / "assignments.csv").read_bytes()
    assert run("edit", plan, "--move", "E1=West")[0] == 0
    assert (tmp_path / "made-edited" / "assignments.csv").read_bytes() == first
    assert (tmp_path / "made-edited-2" / "plan.json").is_file()
    code, _, err = run("edit", plan, "--move", "E1=West", "--out", tmp_path / "made-edited")
    assert code == 2
    assert "a plan is saved there; name another folder, or add --force" in err
    assert (tmp_path / "made-edited" / "assignments.csv").read_bytes() == first
    assert run("edit", plan, "--move", "E1=West", "--out", tmp_path / "made-edited", "--force")[0] == 0
    assert (tmp_path / "made-edited" / "assignments.csv").read_bytes() != first


def test_limits_are_marked_as_hard_or_priced(run, plan):
    words = json.loads(run("edit", plan, "--move", "W1=East", "--move", "W2=East", "--json")[1])
    prices = {book["limit"]: book["price"] for book in words["books"]}
    assert prices == {"hours": None, "limit 1 on customers": 5.0}
    (outside,) = words["outside"]
    assert (outside["rep"], outside["load"], outside["amount"], outside["before"]) == ("East", 5, 1, 0)
    _, out, _ = run("edit", plan, "--move", "W1=East", "--move", "W2=East")
    assert "at $5 a unit" in out
    assert "hard" in out
    said = (
        "Outside a limit at a price: limit 1 on customers of East: 5.0, 1.0 over the limit of 4.0; $5 a year"
    )
    assert said in " ".join(out.split())


def test_who_changes_hands_is_listed(run, plan, tmp_path):
    words = json.loads(run("edit", plan, "--move", "W2=East", "--json")[1])
    (move,) = words["moves"]
    assert (move["customer"], move["from"], move["to"], move["by_hand"]) == ("W2", "West", "East", True)
    # Going back spares the drive of 53.4 and a tenth of 200 at a margin of a half.
    assert move["price"] < 0
    listed = (tmp_path / "made-edited" / "moves.csv").read_text(encoding="utf-8").splitlines()
    assert listed[0].startswith("customer,name,from,from_name,to,to_name,price,why,by_hand,sales_last_year")
    assert listed[1].startswith("W2,,West,West,East,East,-")
    assert (tmp_path / "made-edited" / "moves.html").stat().st_size > 100_000


def test_keys_may_hold_the_sign_itself(run, towns, tmp_path):
    towns.tables["customers"] = towns.tables["customers"].assign(
        customer=["a=b", "W2", "W3", "E1", "E2", "E3"], owner="x=y"
    )
    towns.tables["reps"] = towns.tables["reps"].assign(rep=["x=y", "b=x"], hours_per_year="1000")
    del towns.tables["history"]
    run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    code, out, err = run("edit", tmp_path / "made", "--move", "a=b=b=x", "--json")
    assert code == 0, err
    assert json.loads(out)["moves"][0]["to"] == "b=x"


def test_a_key_that_can_be_read_two_ways_is_refused(run, towns, tmp_path):
    towns.tables["customers"] = towns.tables["customers"].assign(
        customer=["a", "a=b", "W3", "E1", "E2", "E3"], owner="b=c"
    )
    towns.tables["reps"] = towns.tables["reps"].assign(rep=["b=c", "c"], hours_per_year="1000")
    del towns.tables["history"]
    run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    code, _, err = run("edit", tmp_path / "made", "--move", "a=b=c")
    assert code == 2
    assert "more than one way: a to b=c or a=b to c" in err


def test_goals_in_strict_order_are_kept_around_a_move(run, towns, tmp_path):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves"]}
    run("plan", write(build(towns), tmp_path / "two_towns"), "--out", tmp_path / "made")
    code, out, err = run("edit", tmp_path / "made", "--move", "W2=East", "--solve", "--json")
    words = json.loads(out)
    assert code == 0, err
    assert words["goals"][0] == {"goal": "moves", "unit": "customers", "before": 0, "after": 1}
    assert words["changed"] == {}
    _, out, _ = run("edit", tmp_path / "made-edited", "--move", "W2=East")
    assert "Goal in strict order: moves, 1 customers before, 1 customers now" in out


def test_a_move_by_hand_has_its_own_reason_and_price(run, plan, tmp_path):
    """The drive of 53.4 and 200 x .1 x .5 at risk: 63.4 for this move alone."""
    for language, why in (
        ("en", "moved by hand: this move alone costs $63 a year"),
        ("zh", "人工指定：只移动这一个客户每年要花 $63"),
    ):
        out = tmp_path / language
        words = json.loads(
            run("edit", plan, "--move", "W2=East", "--language", language, "--out", out, "--json")[1]
        )
        (move,) = words["moves"]
        assert move["why"] == why
        assert move["price"] == pytest.approx(-words["price"]) == pytest.approx(-63.4, abs=0.1)
        assert why in (out / "moves.html").read_text(encoding="utf-8")
    back = json.loads(run("edit", tmp_path / "en", "--move", "W2=West", "--json")[1])
    assert back["moves"][0]["why"] == "moved by hand: this move alone saves $63 a year"


def test_a_price_around_the_moves_has_its_range(run, plan, tmp_path):
    _, out, _ = run("edit", plan, "--move", "W2=East", "--solve", "--json")
    words = json.loads(out)
    assert words["least"] <= words["price"] <= words["most"]
    # So small a problem is solved to the end: the range is the price.
    assert words["most"] - words["least"] == pytest.approx(0.0, abs=0.1)
    _, out, _ = run("edit", plan, "--move", "W2=East", "--solve", "--out", tmp_path / "again")
    price, least, most = (f"${words[key]:,.0f}" for key in ("price", "least", "most"))
    assert f"planned around them: {price} a year, between {least} and {most} for sure." in out


def test_the_cost_of_a_what_if_is_not_to_be_compared_by_itself(run, towns, tmp_path):
    folder = write(build(towns), tmp_path / "two_towns")
    (tmp_path / "growth.toml").write_text('title = "Growth"\n[set.target]\ngrowth = 0.5\n', encoding="utf-8")
    said = "compare scenarios with `evenfield compare`, not by it"
    changed = run("plan", folder, "--change", tmp_path / "growth.toml", "--out", tmp_path / "a")
    assert changed[0] == 0
    assert said in " ".join(changed[2].split())
    assert said not in " ".join(run("plan", folder, "--out", tmp_path / "b")[2].split())
