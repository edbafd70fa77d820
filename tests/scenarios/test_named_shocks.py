"""Named shocks: days of any plan year, the library, alone and together, and what is said of a bad file."""

from datetime import date

import pytest

from scenarios import Change, InputError, NamedShock, find_shock, read, shock_library, with_shocks, write
from scenarios.building import build
from scenarios.named_shocks import NO_DAY
from scenarios.year import PlanYear

EVENT = {"start": "month 3", "end": "month 5", "demand": 0.8}


def written(folder, text, name="mine"):
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(call, *given):
    with pytest.raises(InputError) as caught:
        call(*given)
    return [str(problem) for problem in caught.value.problems]


def test_days_are_those_of_the_plan_year():
    shock = NamedShock(
        name="x",
        title="A slump",
        shocks=({**EVENT, "latest_start": "month 13 day 15", "probability": 0.5},),
    )
    (event,) = shock.events(PlanYear(start=date(2027, 7, 1)))
    assert (event.start, event.end) == (date(2027, 9, 1), date(2027, 11, 1))
    assert event.latest_start == date(2028, 7, 15)
    assert (event.name, event.demand) == ("A slump", 0.8)


def test_days_may_be_dates():
    event = {"name": "Strike", "start": date(2027, 3, 1), "end": "2027-03-15", "capacity": 0.0}
    (made,) = NamedShock(name="x", title="X", shocks=(event,)).events(PlanYear(start=date(2027, 1, 1)))
    assert (made.name, made.start, made.end) == ("Strike", date(2027, 3, 1), date(2027, 3, 15))


def test_what_happens_comes_on_top_and_the_original_stays(towns):
    towns.settings["market"]["shocks"] = [
        {"name": "storm", "start": date(2026, 2, 1), "end": date(2026, 3, 1), "capacity": 0.9}
    ]
    scenario = build(towns)
    struck = with_shocks(scenario, "demand-slump", NamedShock(name="x", title="X", shocks=(EVENT,)))
    assert [shock.name for shock in struck.market.shocks] == ["storm", "Demand slumps for half a year", "X"]
    assert struck.name == "two_towns+demand-slump+x"
    assert struck.title == "Two towns + Demand slumps for half a year + X"
    assert len(scenario.market.shocks) == 1
    assert struck.digest != scenario.digest
    assert struck.customers is scenario.customers


@pytest.mark.parametrize("start", [date(2026, 1, 1), date(2027, 7, 1), date(2028, 2, 1), date(2024, 12, 1)])
def test_every_shock_of_the_library_fits_every_plan_year(towns, start):
    towns.settings["year"] = {"start": start}
    del towns.tables["history"]
    scenario = build(towns)
    for name, shock in shock_library().items():
        struck = shock.apply(scenario)
        assert all(start <= event.start < event.end <= scenario.year.end for event in struck.market.shocks), (
            name
        )


def test_the_library_tells_stories_and_where_sizes_come_from():
    library = shock_library()
    kinds = {
        effect
        for shock in library.values()
        for e in shock.events(PlanYear(start=date(2026, 1, 1)))
        for effect in e.effects
    }
    assert kinds >= {"demand", "price", "win", "loses", "decision_delay_days", "delivery_delay_days"}
    assert kinds >= {"late_payment", "bad_debt", "hiring_freeze", "quits", "capacity", "training_hours"}
    for name, shock in library.items():
        assert shock.title, name
        assert shock.why.strip(), name
        assert shock.sizes.strip(), name
        assert all(event.probability == 1 for event in shock.events(PlanYear(start=date(2026, 1, 1)))), name


def test_a_promotion_borrows_a_third_from_the_month_after():
    lift, dip = shock_library()["promotion"].events(PlanYear(start=date(2026, 1, 1)))
    assert (dip.start, 1 - dip.demand) == (lift.end, pytest.approx((lift.demand - 1) / 3))


def test_names_are_looked_up_in_the_scenario_first(tmp_path):
    (tmp_path / "shocks").mkdir()
    mine = written(tmp_path / "shocks", 'title = "Mine"\n[[shocks]]\n', "price-war")
    assert find_shock("price-war", tmp_path) == mine
    assert find_shock("price-war").parent.parent.name == "library"
    assert find_shock(str(mine)) == mine


def test_unknown_names_list_what_there_is(towns):
    (found,) = problems(with_shocks, build(towns), "price-wra")
    assert found.startswith("shock: no such file; did you mean 'price-war'")
    assert "there are competitor-entry, " in found
    (twice,) = problems(with_shocks, build(towns), "training", "training")
    assert twice == "shock: is named twice; name it once (found 'training')"


def test_everything_wrong_with_a_file_is_said_at_once(tmp_path):
    text = """
        title = "Mine"
        [[shocks]]
        name = "First"
        start = "month 3"
        end = "mnth 5"
        demand = 0.5
        [[shocks]]
        start = "month 3"
        end = "month 4"
        demnd = 0.5
        win = -1
        [[shocks]]
        name = "Third"
        start = "month 3"
        end = "month 2"
        [[shocks]]
        start = 3
        demand = 0.5
    """
    assert problems(NamedShock.read, written(tmp_path, text)) == [
        f"mine.toml, shocks 'First', end: {NO_DAY} (found 'mnth 5')",
        "mine.toml, shocks number 2, win: must be greater than or equal to 0 (found '-1')",
        "mine.toml, shocks number 2, demnd: unknown setting; did you mean 'demand' or 'end'? (found '0.5')",
        "mine.toml, shocks 'Third': end must be after start (found 'start = month 3, end = month 2')",
        f"mine.toml, shocks number 4, start: {NO_DAY} (found '3')",
        "mine.toml, shocks number 4, end: required setting is missing; add it",
    ]


def test_a_file_has_a_title_and_shocks(tmp_path):
    found = problems(NamedShock.read, written(tmp_path, 'name = "x"\ncolour = "red"\n'))
    assert [line.split(":")[0] for line in found] == [
        "mine.toml, title",
        "mine.toml, shocks",
        "mine.toml, colour",
    ]
    assert all("a file of shocks has title, why, sizes and one or more [[shocks]]" in line for line in found)


def test_a_shock_has_to_fit_the_scenario(towns):
    event = {**EVENT, "name": "Far", "where": {"planet": "Mars"}}
    (found,) = problems(NamedShock(name="far", title="Far", shocks=(event,)).apply, build(towns))
    assert found.startswith("far.toml, shocks 'Far', where: no such column in customers.csv")
    late = {**EVENT, "start": date(2030, 1, 1), "end": date(2030, 2, 1)}
    (found,) = problems(NamedShock(name="late", title="Late", shocks=(late,)).apply, build(towns))
    assert "late.toml, shocks 'Late': lies outside the plan year 2026-01-01 to 2027-01-01" in found


def test_a_what_if_may_name_shocks(towns, tmp_path):
    for name in ("changes", "shocks"):
        (tmp_path / name).mkdir()
    written(
        tmp_path / "shocks",
        'title = "Strike"\n[[shocks]]\nstart = "month 2"\nend = "month 3"\ncapacity = 0\n',
        "strike",
    )
    text = 'title = "Crisis"\nshocks = ["strike", "price-war"]\n[set.target]\namount = 900\n'
    changed = Change.read(written(tmp_path / "changes", text, "crisis")).apply(build(towns))
    assert [shock.name for shock in changed.market.shocks] == ["Strike", "A price war"]
    assert (changed.name, changed.title, changed.target_amount) == ("crisis", "Crisis", 900)
    (found,) = problems(Change.read, written(tmp_path / "changes", 'title = "X"\nshocks = ["stirke"]\n'))
    assert "did you mean 'strike'" in found


def test_shocks_are_written_and_read_back(towns, tmp_path):
    struck = with_shocks(build(towns), "recession")
    assert read(write(struck, tmp_path / struck.name)) == struck


def test_a_name_that_the_scenario_or_the_file_has_already_is_refused(towns):
    scenario = build(towns)
    struck = with_shocks(scenario, NamedShock(name="x", title="X", shocks=(EVENT,)))
    (taken,) = problems(with_shocks, struck, NamedShock(name="y", title="X", shocks=(EVENT,)))
    assert (
        taken == "y.toml, shocks 'X': the scenario has a shock of this name already; give each its own name, "
        "or take one out (found 'X')"
    )
    (twice,) = problems(with_shocks, scenario, NamedShock(name="y", title="Y", shocks=(EVENT, EVENT)))
    assert twice.startswith("y.toml, shocks 'Y': two shocks have this name and would share their luck")


def test_all_shocks_of_the_library_may_happen_together(towns):
    names = [shock.name for shock in with_shocks(build(towns), *shock_library().values()).market.shocks]
    assert len(names) == len(set(names)) >= len(shock_library())


def test_a_day_that_its_month_does_not_have_is_refused():
    # February of 2028 has 29 days, that of 2026 has 28; before the year is known nothing is said.
    shock = NamedShock(name="late", title="late", shocks=({**EVENT, "start": "month 2 day 29"},))
    assert shock.events(PlanYear(start=date(2028, 1, 1)))[0].start == date(2028, 2, 29)
    with pytest.raises(InputError) as caught:
        shock.events(PlanYear(start=date(2026, 1, 1)))
    assert str(caught.value.problems[0]) == (
        "late.toml, shocks number 1, start: month 2 of the plan year from 2026-01-01 has 28 days; "
        "name one of them (found 'month 2 day 29')"
    )
