"""`evenfield shocks`, and --shock of simulate and compare: alone, together, and names that are wrong."""

import json

from evenfield.shock_list import EFFECTS, said
from scenarios import NamedShock, shock_library
from scenarios.shocks import OF_CUSTOMERS, OF_ORDERS, OF_REPS

SLUMP = 'title = "All stops"\n[[shocks]]\nstart = "month 1"\nend = "month 13"\ndemand = 0\n'


def test_the_library_is_listed_a_line_each(run):
    code, out, _ = run("shocks", "--json")
    words = json.loads(out)["shocks"]
    assert code == 0
    assert [shock["name"] for shock in words] == sorted(shock_library())
    war = next(shock for shock in words if shock["name"] == "price-war")
    assert war["does"] == "months 4-12: prices x 0.9, chance to win x 0.95"
    code, out, _ = run("shocks")
    assert code == 0
    assert all(name in out for name in shock_library())


def test_every_effect_has_words():
    assert set(EFFECTS) == {*OF_ORDERS, *OF_CUSTOMERS, *OF_REPS}


def test_words_say_when_and_for_whom():
    lost = {"start": "month 4", "end": "month 5", "loses": True, "largest": 3}
    slow = {"start": "month 2", "end": "month 2 day 15", "demand": 0.5, "quits": 2.0}
    assert said(NamedShock(name="x", title="X", shocks=(lost, slow))) == (
        "month 4: customers lost for good (the 3 of most potential); "
        "month 2 to before month 2 day 15: demand x 0.5, quits x 2"
    )


def test_a_year_without_demand_books_nothing(run, folder, tmp_path):
    (folder / "shocks").mkdir()
    (folder / "shocks" / "stop.toml").write_text(SLUMP, encoding="utf-8")
    options = ("--json", "--replications", 4, "--workers", 1)
    code, out, err = run("simulate", folder, "--shock", "stop", *options)
    assert code == 0
    assert json.loads(out)["attainment"]["mean"] == 0
    assert "two_towns+stop" in err
    run("plan", folder, "--out", "planned")
    code, out, _ = run("simulate", "planned", "--shock", tmp_path / folder / "shocks" / "stop.toml", *options)
    assert code == 0
    assert json.loads(out)["attainment"]["mean"] == 0


def test_each_shock_of_compare_is_an_alternative_under_the_same_plan(run, folder):
    (folder / "shocks").mkdir()
    (folder / "shocks" / "stop.toml").write_text(SLUMP, encoding="utf-8")
    asked = ("--shock", "stop", "--shock", "price-war+training")
    code, out, _ = run("compare", folder, *asked, "--json", "--replications", 4, "--workers", 1)
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [*dict.fromkeys(row["scenario"] for row in rows)] == ["today's book", "stop", "price-war+training"]
    moved = {row["scenario"]: row["other"] for row in rows if row["figure"] == "moved"}
    assert moved["stop"] == moved["price-war+training"] > 0
    booked = {row["scenario"]: row["other"] for row in rows if row["figure"] == "bookings"}
    assert booked["stop"] == 0


def test_unknown_shocks_list_the_library(run, folder):
    code, out, err = run("simulate", folder, "--shock", "price-wra")
    assert (code, out) == (2, "")
    assert "did you mean 'price-war'" in err
    assert "competitor-entry" in err
    assert "Traceback" not in err
    code, _, err = run("simulate", folder, "--shock", "training", "--shock", "training")
    assert code == 2
    assert "is named twice" in err
