"""`evenfield headcount` as scripts use it, and its charts."""

import json
from dataclasses import replace

import pytest

from evenfield import headcount as command
from evenfield.headcount_sheet import Headcount, answer
from evenfield.plots import draw_months, draw_next_seats
from optimizer.staffing.headcount import need
from optimizer.staffing.roles import role_mix
from optimizer.staffing.siting import where_to_hire


@pytest.fixture
def crowded(folder):
    """Move both reps to West."""
    text = (folder / "reps.csv").read_text(encoding="utf-8")
    rows = [line.replace(",1,", ",0,") if line.startswith("East") else line for line in text.splitlines()]
    (folder / "reps.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_months_places_seats_and_roles(run, crowded, tmp_path):
    code, out, err = run("headcount", crowded, "--hires", 2, "--candidates", 2, "--json")
    words = json.loads(out)
    assert code == 0
    assert words == json.loads(
        (tmp_path / "out" / "two_towns" / "headcount.json").read_text(encoding="utf-8")
    )
    assert len(words["months"]) == 12
    assert [q["period"] for q in words["quarters"]] == ["Q1", "Q2", "Q3", "Q4"]
    assert sum(m["visit_hours"] for m in words["months"]) == pytest.approx(
        sum(q["visit_hours"] for q in words["quarters"])
    )
    assert words["next_reps"][0]["place"] == "0.0, 1.0"
    saving = words["next_reps"][0]["saving"]
    assert 0 <= saving["low"] <= saving["estimate"] <= saving["high"]
    assert {gone["rep"] for gone in words["removals"]} == {"West", "East"}
    assert words["roles"]["needed"] > 0
    assert set(words["worth_hiring"]) == {"surely", "probably", "possibly"}
    assert "Saved in" in err


def test_tables_and_a_page_for_people(run, crowded, tmp_path):
    code, out, _ = run("headcount", crowded, "--hires", 1, "--out", "made")
    assert code == 0
    for words in (
        "Quarter by quarter",
        "Where the first of them could be",
        "The next rep, best in",
        "Missed least",
    ):
        assert words in out
    page = (tmp_path / "made" / "headcount.html").read_text(encoding="utf-8")
    assert page.count("data-picture") >= 2


def test_wrong_input_is_2_and_nobody_may_serve_is_3(run, crowded):
    assert run("headcount", "nowhere")[0] == 2
    text = (crowded / "customers.csv").read_text(encoding="utf-8").splitlines()
    assert text[0].startswith("customer,")
    settings = crowded / "scenario.toml"
    rule = 'utilization_limit = 1.0\neligibility = [{ customer = "region", rep = "regions" }]'
    old = settings.read_text(encoding="utf-8")
    new = old.replace("utilization_limit = 1.0", rule).replace("eligibility = []\n", "")
    settings.write_text(new, encoding="utf-8")
    column = text[0].split(",").index("region") if "region" in text[0].split(",") else None
    lines = [text[0] + ("" if column is not None else ",region")]
    for line in text[1:]:
        cells = line.split(",")
        if column is None:
            cells.append("Moon")
        else:
            cells[column] = "Moon"
        lines.append(",".join(cells))
    (crowded / "customers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run("headcount", crowded)[0] == 3


def test_an_interrupt_shows_what_was_found_and_leaves_with_130(run, crowded, tmp_path, monkeypatch):
    def interrupted(*given, **named):
        return replace(where_to_hire(*given, **named), interrupted=True)

    monkeypatch.setattr(command, "where_to_hire", interrupted)
    assert run("headcount", crowded, "--hires", 0)[0] == 130
    assert (tmp_path / "out" / "two_towns" / "headcount.json").is_file()


def test_charts_show_what_was_found(two_towns):
    sited = where_to_hire(two_towns, hires=1, candidates=1, time_limit=10)
    needed = command.need(two_towns, sited.owner)
    visits, selling, planned, productive = draw_months(needed.months).data
    assert sum(visits.y) + sum(selling.y) == pytest.approx(needed.months["hours_needed"].sum(), abs=1)
    assert list(planned.y) == pytest.approx(list(productive.y))  # nobody quits there
    bars, pay = draw_next_seats(sited).data
    assert list(bars.y) == [sited.hires[0].saving.estimate]
    assert list(pay.y) == [100_000.0]


def test_people_read_months_intervals_and_whose_the_assumptions_are(run, crowded, tmp_path):
    change = tmp_path / "few.toml"
    text = 'title = "Few juniors"\nwhy = "To see."\n[set.market.staffing]\nmost_juniors = 0.2\n'
    change.write_text(text, encoding="utf-8")
    asked = ("headcount", crowded, "--hires", 1, "--candidates", 2, "--change", change)
    code, out, _ = run(*asked, "--out", "made")
    assert code == 0
    said = " ".join(out.split())
    assert "Jan 2026" in said
    assert "(proved; most likely" in said
    assert "What a hire of each role brings" in said
    assert "market.staffing.most_juniors: at most 20% of all reps [the scenario's]" in said
    assert "market.staffing.leave_days: 25 days a year [ASSUMPTION (default)]" in said
    words = json.loads(run(*asked, "--json")[1])
    given = {row["setting"]: row["given"] for row in words["assumptions"]}
    assert given["market.staffing.most_juniors"]
    assert not given["market.staffing.leave_days"]


def test_months_that_are_short_in_a_year_that_is_not_are_said(two_towns):
    # 240 hours of 2,000: nobody is missing over the year. With all leave in January, January has one day.
    reps = two_towns.reps.assign(hours_per_year=1000.0)
    staffing = two_towns.market.staffing.model_copy(
        update={"leave_days": 30.0, "leave_by_month": (1.0, *[0.0] * 11)}
    )
    scenario = two_towns.replace(reps=reps, market=two_towns.market.model_copy(update={"staffing": staffing}))
    sited = where_to_hire(scenario, hires=0, time_limit=10)
    needed = need(scenario, sited.owner)
    year = needed.months.sum()
    roles = role_mix(scenario, year["visit_hours"], year["selling_hours"], year["expected_sales"])
    said = " ".join(answer(scenario, Headcount(needed, sited, roles)))
    assert "One month is short (Jan" in said
    assert "moving leave or visits to other months helps more there than a hire" in said
    assert "no role has to be hired" in said
    # The months' productive hours are not those of roles, and both are named.
    assert f"Counted as hours of a middle rep, the target takes {roles.needed:,.0f}" in said
    assert "productive hours" not in said
