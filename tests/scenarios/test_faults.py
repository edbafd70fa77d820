"""Everything wrong at once: what is wrong hides nothing else, and has no echo."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from scenarios import Change, InputError, write
from scenarios.building import build
from scenarios.faults import assembled
from scenarios.opening import opened
from scenarios.partial import Broken, partial, whole_rows
from scenarios.reading import read
from scenarios.shocks import Shock

SPRING = {"name": "slump", "start": date(2026, 3, 1), "end": date(2026, 6, 1), "demand": 0.9}


def problems(call, *given):
    with pytest.raises(InputError) as caught:
        call(*given)
    return [str(problem) for problem in caught.value.problems]


def places(call, *given):
    return [line.split(":")[0] for line in problems(call, *given)]


@pytest.fixture
def folder(towns, tmp_path):
    return write(build(towns), tmp_path / "two_towns")


def test_a_wrong_type_hides_neither_tables_nor_other_groups_nor_the_rest_of_its_own(towns):
    towns.settings["market"]["churn"] = {"yearly_rat": 0.1}
    towns.settings["market"]["patience_days"] = "long"
    towns.settings["market"]["shocks"] = [SPRING | {"lines": ["Pipes"]}]
    towns.settings["travel"]["speed_km_per_hour"] = "fast"
    towns.settings["rules"] = {"eligibility": [{"customer": "planet", "rep": "regions"}]}
    towns.tables["customers"]["owner"] = ["West"] * 5 + ["Nobody"]
    towns.tables["customers"]["latitude"] = ["0"] * 5 + ["95"]
    towns.tables["absences"] = pd.DataFrame(
        {"rep": ["East"], "start": ["2027-03-01"], "end": ["2027-03-02"]}, dtype="str"
    )
    assert problems(build, towns) == [
        "customers.csv row 7, latitude: must be less than or equal to 90 (found '95')",
        "scenario.toml, travel.speed_km_per_hour: must be a number such as 1234.5 (found 'fast')",
        (
            "scenario.toml, market.churn.yearly_rat: unknown setting; did you mean 'yearly_rate'? (found"
            " '0.1')"
        ),
        "scenario.toml, market.patience_days: must be a number such as 1234.5 (found 'long')",
        (
            "customers.csv row 7, owner: no such rep in reps.csv; name one or leave the cell empty "
            "(found 'Nobody')"
        ),
        (
            "scenario.toml, rules.eligibility 'eligibility (planet in regions)', customer: no such column"
            " in customers.csv; correct it or take it out (found 'planet')"
        ),
        (
            "scenario.toml, market.shocks 'slump', lines: no such product line in products.csv; correct it"
            " or take it out (found 'Pipes')"
        ),
        (
            "absences.csv row 2, start: lies outside the plan year 2026-01-01 to 2027-01-01; correct or"
            " remove the row (found '2027-03-01')"
        ),
    ]


def test_what_is_no_toml_hides_no_table_and_a_table_without_names_no_setting(folder):
    (folder / "scenario.toml").write_text("title = ", encoding="utf-8")
    reps = (folder / "reps.csv").read_text(encoding="utf-8").splitlines()
    (folder / "reps.csv").write_text("\n".join([reps[0].replace("rep,", "wrep,", 1), *reps[1:]]) + "\n")
    (folder / "moves.csv").write_text("day,customer,rep\n2026-03-01,E9,East\n", encoding="utf-8")
    (folder / "history.csv").write_text("", encoding="utf-8")
    # Nobody knows who is a rep, nor when the plan year begins; nothing is said of owners and days.
    assert places(read, folder) == [
        "scenario.toml",
        "history.csv",
        "reps.csv, header",
        "moves.csv row 2, customer",
    ]


def test_types_hide_no_contradiction_in_the_same_row_or_group(towns):
    towns.tables["absences"] = pd.DataFrame(
        {
            "rep": ["East", "", "Esat"],
            "start": ["2026-03-10", "2026-03-10", "10/03/2026"],
            "end": ["2026-03-01", "2026-03-01", "2026-03-11"],
        },
        dtype="str",
    )
    half = {"commission": {"kind": "commission", "weight": 0.5}}
    towns.settings["scheme"] = {"most_incentive": "full", "elements": half}
    towns.settings["quotas"] = {"floor": 2.0, "ceiling": 1.0, "padding": {"company": -3.0}, "new_hires": -1}
    assert problems(build, towns) == [
        (
            "absences.csv row 2, start, end: end must be after start "
            "(found 'start = 2026-03-10, end = 2026-03-01')"
        ),
        "absences.csv row 3, rep: required value is missing; fill it in",
        (
            "absences.csv row 3, start, end: end must be after start "
            "(found 'start = 2026-03-10, end = 2026-03-01')"
        ),
        "absences.csv row 4, start: must be a date such as 2026-01-31 (found '10/03/2026')",
        "scenario.toml, quotas.new_hires: must be greater than or equal to 0 (found '-1')",
        "scenario.toml, quotas: floor must not be above ceiling (found 'floor = 2.0, ceiling = 1.0')",
        "scenario.toml, quotas: padding must be above -1 (found 'padding = { company = -3.0 }')",
        "scenario.toml, scheme.most_incentive: must be a number such as 1234.5 (found 'full')",
        "scenario.toml, scheme.elements of rep: weights of commission must add up to 1 (found '0.5')",
        (
            "absences.csv row 4, rep: no such rep in reps.csv; correct or remove the row; did you mean"
            " 'East' or 'West'? (found 'Esat')"
        ),
        "scenario.toml, quotas.padding: name a level below the company; there are rep (found 'company')",
    ]


def test_numbers_for_dates_are_said_beside_other_faults_of_their_rows(towns):
    towns.tables["absences"] = pd.DataFrame(
        {"rep": ["West", "West"], "start": ["2026-03-01", "5"], "end": ["2026-02-01", ""]}, dtype="str"
    )
    assert problems(build, towns) == [
        "absences.csv row 3, start: must be a date such as 2026-01-31 (found '5')",
        (
            "absences.csv row 2, start, end: end must be after start "
            "(found 'start = 2026-03-01, end = 2026-02-01')"
        ),
        "absences.csv row 3, end: required value is missing; fill it in",
    ]


def test_what_comes_only_of_another_problem_is_not_said(towns):
    towns.settings["markt"] = towns.settings.pop("market")
    towns.settings["year"] = {"strat": date(2026, 1, 1)}
    towns.tables["reps"] = towns.tables["reps"].rename(columns={"hours_per_year": "hours_per_yaer"})
    towns.tables["customers"] = towns.tables["customers"].rename(columns={"owner": "ownr"})
    towns.tables["customers"]["lock"] = "true"
    assert problems(build, towns) == [
        (
            "customers.csv, header: unknown column; did you mean 'owner'? name a column of your own"
            " 'x_ownr' (found 'ownr')"
        ),
        (
            "reps.csv, header: unknown column; did you mean 'hours_per_year'? name a column of your own "
            "'x_hours_per_yaer' (found 'hours_per_yaer')"
        ),
        "scenario.toml, markt: unknown setting; did you mean 'market'? (found '"
        + str(problems(build, towns)[2]).split("(found '")[1],
        "scenario.toml, year.strat: unknown setting; did you mean 'start'? (found '2026-01-01')",
    ]


def test_customers_named_twice_are_looked_at_further(towns):
    towns.tables["customers"].loc[5, "customer"] = "W1"
    towns.tables["customers"].loc[0, "owner"] = "Nobody"
    assert places(build, towns) == ["customers.csv row 7, customer", "customers.csv row 2, owner"]


def test_problems_of_a_scenario_its_what_ifs_and_all_shocks_come_at_once(folder):
    for name, text in {
        "changes/more.toml": 'title = "More"\n[set.target]\namont = 3\n',
        "shocks/syntax.toml": "title = ",
        "shocks/far.toml": (
            'title = "Far"\n[[shocks]]\nstart = "month 2"\nend = "month 3"\n'
            'demand = 0.5\nwhere = { planet = "Mars" }\n'
        ),
        "shocks/typo.toml": '[[shocks]]\nstart = "month 2"\nend = "month 1"\ndemnd = 0.5\n',
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shocks = [folder / "shocks" / f"{name}.toml" for name in ("syntax", "far", "typo")]
    of_shocks = [
        "syntax.toml",
        "typo.toml, title",
        "typo.toml, shocks number 1, demnd",
        "typo.toml, shocks number 1",
    ]
    assert places(opened, folder, (), shocks) == [*of_shocks, "far.toml, shocks 'Far', where"]
    assert places(opened, folder, ["more"], shocks) == [
        "more.toml, target.amont",
        *of_shocks,
        "far.toml, shocks 'Far', where",
    ]
    toml = folder / "scenario.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("road_factor = 1.0", 'road_factor = "x"'))
    assert places(opened, folder, (), shocks) == [
        "scenario.toml, travel.road_factor",
        *of_shocks,
        "far.toml, shocks 'Far', where",
    ]


def test_a_what_if_says_all_that_is_wrong_with_it(towns):
    change = Change(
        name="x",
        title="X",
        set={"market": {"turnover": {"vacancy_dais": 5}}, "calender": {}},
        edit={"reps": [{"rep": "Wset"}, {"rep": "East", "capcity": 1, "end": "tomorrow"}]},
        add={"customer": [{}]},
        shocks=("price-wra",),
    )
    found = problems(change.apply, build(towns))
    assert [line.split(":")[0] for line in found] == [
        "x.toml, set.calender",
        "x.toml, edit.reps number 1",
        "x.toml, edit.reps number 2",
        "x.toml, add.customer",
        "reps.csv as x.toml changes it row 3, end",
        "x.toml, market.turnover.vacancy_dais",
        "shock",
    ]
    meant = ["calendar", "West", "", "customers", "", "vacancy_days", "price-war"]
    assert all(f"did you mean '{name}'" in line for name, line in zip(meant, found, strict=True) if name)


def test_of_settings_that_are_wrong_in_parts_the_rest_is_whole():
    shock, faults = assembled(Shock, SPRING | {"win": "often", "largest": 2.5, "where": {"tier": "A"}})
    assert [(fault.loc, fault.remedy) for fault in faults] == [
        (("win",), "must be a number such as 1234.5"),
        (("largest",), "must be a whole number such as 12"),
    ]
    assert shock is not None
    assert (shock.demand, shock.where, shock.probability) == (0.9, {"tier": ("A",)}, 1.0)
    with pytest.raises(Broken):
        _ = shock.win
    with pytest.raises(AttributeError):
        _ = shock.winn


def test_a_table_that_is_wrong_in_parts_tells_whoever_looks_there():
    table = pd.DataFrame({"rep": ["a", "b"], "hours": [1.0, 2.0]}, index=pd.Index(["x", "y"], name="key"))
    made = partial(table, {"hours": np.array([True, False])})
    assert made["rep"].tolist() == ["a", "b"]
    for look in (
        lambda: made["hours"],
        lambda: made[["rep", "hours"]],
        lambda: made[made["rep"] == "a"].groupby("rep")["hours"].sum(),
        lambda: made.loc[["y"]]["hours"],
    ):
        with pytest.raises(Broken):
            look()
    assert whole_rows(made, "rep", "hours").to_dict("index") == {1: {"rep": "b", "hours": 2.0}}
    assert list(whole_rows(made, "rep").index) == [0, 1]


@pytest.mark.parametrize(
    ("group", "settings", "said"),
    [
        ("calendar", {"weekdays": 3}, 'must be a list such as ["x", "y"] (found \'3\')'),
        ("calendar", {"weekdays": [8]}, "weekdays number 1: must be less than or equal to 7 (found '8')"),
        ("calendar", {"weekdays": []}, "must have at least 1 entry"),
        ("calendar", {"holidays": ["soon"]}, "must be a date such as 2026-01-31 (found 'soon')"),
        ("quotas", {"entitled_by_skills": "yes please"}, "must be true or false (found 'yes please')"),
        ("quotas", {"hierarchy": "team"}, 'must be a list such as ["x", "y"] (found \'team\')'),
        ("quotas", {"new_hire_days": 1.5}, "must be a whole number such as 12 (found '1.5')"),
        ("quotas", {"periods": "mont"}, "did you mean 'month'? (found 'mont')"),
        ("travel", {"day_starts": "8:00"}, "must be a time such as 08:00 (found '8:00')"),
        ("travel", {"osrm_url": "localhost"}, "must begin with http:// or https:// (found 'localhost')"),
        ("budget", 3, "must be a group of settings such as { name = \"x\" } (found '3')"),
        ("scheme", {"name": 3}, "must be text such as \"x\" (found '3')"),
        (
            "scheme",
            {"elements": {"c": {"kind": "commission", "weight": 1, "tiers": [{"at": 1, "rate": 1}]}}},
            "the first tier must begin at 0",
        ),
        (
            "rules",
            {"limits": [{"measure": "hours", "share_of": "al", "at_most": 1}]},
            "did you mean 'all'?",
        ),
        ("target", {"growth": 0.1, "amount": 3}, "not neither (found 'growth = 0.1, amount = 3')"),
    ],
)
def test_faults_are_said_in_words_with_what_was_found(towns, group, settings, said):
    before = towns.settings.get(group, {})
    towns.settings[group] = before | settings if isinstance(settings, dict) else settings
    (found,) = problems(build, towns)
    assert said in found
    assert found.startswith(f"scenario.toml, {group}")
