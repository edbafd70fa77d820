"""What `evenfield compare` is asked for: all that is wrong at once, and today's book where no plan exists."""

import json

import pytest

from evenfield import alternatives
from scenarios import write
from scenarios.building import build

MORE = 'title = "More"\n[set.target]\namount = 2400.0\n'
SLUMP = 'title = "Slump"\n[[shocks]]\nstart = "month 2"\nend = "month 8"\ndemand = 0.5\n'


@pytest.fixture
def locked(towns, tmp_path):
    """All six customers locked to West, who has a tenth of the hours they need: no plan exists."""
    towns.tables["customers"]["lock"] = "true"
    towns.tables["reps"]["hours_per_year"] = ["10", "100"]
    folder = write(build(towns), tmp_path / "locked")
    for name, text in {"changes/more.toml": MORE, "shocks/slump.toml": SLUMP}.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_where_no_plan_exists_it_is_said_how_todays_book_can_be_compared(run, locked):
    code, out, err = run("compare", locked, "--json", "--replications", 4)
    assert code == 3
    assert json.loads(out)["remedy"] == alternatives.HOLD
    assert "To compare today's book with what-ifs and shocks all the same, add --hold-plan." in err


def test_todays_book_stands_in_the_place_of_a_plan_that_does_not_exist(run, locked, tmp_path):
    code, out, err = run(
        "compare", locked, "--hold-plan", "--change", "more", "--shock", "slump", "--json",
        "--replications", 12, "--workers", 1,
    )  # fmt: skip
    assert code == 0
    assert "Today's book stands in its place." in err
    words = json.loads(out)
    assert words["reference"] == "today's book"
    assert {row["scenario"] for row in words["rows"]} == {"more", "slump"}
    booked = {row["scenario"]: row for row in words["rows"] if row["figure"] == "bookings"}
    assert booked["slump"]["other"] < booked["slump"]["reference"]
    page = (tmp_path / "out" / "locked" / "comparison.html").read_text(encoding="utf-8")
    assert "--change more --shock slump --hold-plan --seed 1" in page


def test_the_same_year_is_called_the_same_in_json_and_on_the_screen(run, locked):
    (locked / "changes" / "more.toml").write_text('title = "As it is"\n', encoding="utf-8")
    asked = ("compare", locked, "--hold-plan", "--replications", 4, "--workers", 1)
    words = json.loads(run(*asked, "--json")[1])
    assert {row["verdict"] for row in words["rows"] if row["figure"] == "bookings"} == {"the same"}
    code, out, _ = run(*asked)
    assert code == 0
    assert "the same" in out


def test_the_outcome_is_shown_by_the_head_of_its_digest(run, locked, tmp_path):
    _, out, _ = run("simulate", locked, "--replications", 4, "--workers", 1)
    words = json.loads((tmp_path / "out" / "locked" / "simulation.json").read_text(encoding="utf-8"))
    assert f"outcome {words['digest'][:12]}" in " ".join(out.split())


def test_todays_book_alone_has_nothing_to_be_compared_with(run, locked):
    (locked / "changes" / "more.toml").unlink()
    code, _, err = run("compare", locked, "--hold-plan", "--replications", 4)
    assert code == 2
    assert "there is nothing to compare today's book with; name a what-if (--change) or a --shock" in err


def test_a_what_if_without_a_plan_is_named_with_what_to_do(run, locked, towns, tmp_path):
    towns.tables["customers"]["lock"] = "false"
    towns.tables["reps"]["hours_per_year"] = "100"
    folder = write(build(towns), tmp_path / "free")
    (folder / "changes").mkdir()
    text = 'title = "Idle"\n[set.rules]\nutilization_limit = 0.01\n'
    (folder / "changes" / "idle.toml").write_text(text, encoding="utf-8")
    code, _, err = run("compare", folder, "--replications", 4, "--time-limit", 5)
    assert code == 3
    assert "idle: " in err
    assert "Leave this one out, or keep the plan in what-ifs with --hold-plan." in err
    assert run("compare", folder, "--hold-plan", "--replications", 4, "--time-limit", 5)[0] == 0


def test_all_that_is_wrong_is_said_before_anything_is_planned(run, locked, monkeypatch):
    (locked / "shocks" / "flod.toml").write_text("title = ", encoding="utf-8")
    (locked / "changes" / "less.toml").write_text(
        'title = "Less"\n[set.target]\namont = 1\n', encoding="utf-8"
    )
    monkeypatch.setattr(alternatives, "optimize", None)
    code, out, _ = run(
        "compare", locked, "--json", "--change", "less", "--change", "mor", "--shock", "flod",
        "--shock", "slmp", "--shock", "slump+flod",
    )  # fmt: skip
    assert code == 2
    found = json.loads(out)["problems"]
    assert [(one["place"], one["value"]) for one in found] == [
        ("flod.toml", ""),
        ("shock", "slmp"),
        ("less.toml, target.amont", "1"),
        ("change", "mor"),
    ]
    assert "did you mean 'slump'?" in found[1]["remedy"]
    assert "did you mean 'amount'?" in found[2]["remedy"]
    assert "did you mean 'more'?" in found[3]["remedy"]
