"""Folders in: what is wrong is said with file, row, column, value and remedy, all at once."""

import pandas as pd
import pytest

from scenarios import Change, InputError, read, write
from scenarios.building import build


@pytest.fixture
def folder(towns, tmp_path):
    """The teaching world as files."""
    return write(build(towns), tmp_path / "two_towns")


def problems(folder):
    with pytest.raises(InputError) as caught:
        read(folder)
    return [str(p) for p in caught.value.problems]


def replace_in(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_problems_of_all_files_come_at_once(folder):
    (folder / "customers.csv").write_text(
        "customer,latitude,longitude,potental,visits_per_year,hours_per_visit,lock\n"
        "W1,0,0,100,12,1,\n"
        "W1,95,0,100,twelve,,perhaps\n",
        encoding="utf-8",
    )
    replace_in(folder / "reps.csv", "100", "-100")
    replace_in(folder / "scenario.toml", "road_factor = 1.0", "road_factor = 0.5\nroad_facter = 2")
    found = problems(folder)
    assert found == [
        (
            "customers.csv, header: unknown column; did you mean 'potential'? "
            "name a column of your own 'x_potental' (found 'potental')"
        ),
        "customers.csv row 3, customer: already used in row 2; keys must be unique (found 'W1')",
        "customers.csv row 3, latitude: must be less than or equal to 90 (found '95')",
        (
            "customers.csv row 3, visits_per_year: must be a plain number such as 1234.5, "
            "without thousands separators (found 'twelve')"
        ),
        "customers.csv row 3, hours_per_visit: required value is missing; fill it in",
        "customers.csv row 3, lock: must be true or false (found 'perhaps')",
        "reps.csv row 2, hours_per_year: must be greater than 0 (found '-100')",
        "scenario.toml, travel.road_factor: must be greater than or equal to 1 (found '0.5')",
        "scenario.toml, travel.road_facter: unknown setting; did you mean 'road_factor'? (found '2')",
    ]


def test_tables_must_fit_together(folder):
    replace_in(folder / "customers.csv", "W1", "Z1")
    replace_in(folder / "history.csv", "E1,West,120", "E1,North,120")
    replace_in(folder / "history.csv", "2025-08-01", "2026-08-01")
    assert problems(folder) == [
        "history.csv row 3, rep: no such rep in reps.csv; name one or leave the cell empty (found 'North')",
        (
            "history.csv row 2, customer: no such customer in customers.csv; "
            "add the customer or correct the order (found 'W1')"
        ),
        (
            "history.csv row 3, date: history must end before the plan year begins on 2026-01-01; "
            "move later orders elsewhere (found '2026-08-01')"
        ),
    ]


def test_a_missing_table_and_a_missing_setting_are_named(folder):
    (folder / "reps.csv").unlink()
    replace_in(folder / "scenario.toml", "[target]\namount = 1200.0", "[target]")
    found = problems(folder)
    assert found[0] == "reps.csv: the table of reps is missing; add the file"
    assert found[1] == "scenario.toml, target: give either growth or amount, not both and not neither"


def test_broken_files_are_named(folder):
    (folder / "history.csv").write_text("", encoding="utf-8")
    assert problems(folder) == ["history.csv: the file is empty; it needs at least a header"]
    (folder / "scenario.toml").write_text("title = ", encoding="utf-8")
    assert problems(folder)[0].startswith("scenario.toml: not valid TOML: ")


def test_an_unknown_scenario_names_the_library(tmp_path):
    with pytest.raises(InputError, match=r"give such a folder or a library case \(.*superstore.*\)"):
        read(tmp_path / "nothing")


def test_leading_zeros_and_chinese_names_survive(folder):
    text = (folder / "customers.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()]
    columns = rows[0]
    rows[1][columns.index("postal")] = "02138"
    rows[1][columns.index("name")] = "上海贸易"
    text = "\n".join(",".join(r) for r in rows) + "\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        (folder / "customers.csv").write_text(text, encoding=encoding)
        scenario = read(folder)
        assert scenario.customers.loc["W1", ["postal", "name"]].tolist() == ["02138", "上海贸易"]


def test_semicolons_are_read_and_stray_commas_named(folder):
    text = (folder / "reps.csv").read_text(encoding="utf-8")
    (folder / "reps.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    assert list(read(folder).reps.index) == ["West", "East"]
    (folder / "reps.csv").write_text(text + "Third, the" + text.splitlines()[1][4:] + "\n", encoding="utf-8")
    assert problems(folder)[0].startswith(
        "reps.csv: a row has more cells than the header; put texts with commas"
    )


def test_columns_of_ones_own_are_kept(folder, tmp_path):
    text = (folder / "customers.csv").read_text(encoding="utf-8").splitlines()
    marked = [text[0] + ",x_note"] + [line + ",call first" for line in text[1:]]
    (folder / "customers.csv").write_text("\n".join(marked), encoding="utf-8")
    again = read(write(read(folder), tmp_path / "again" / "two_towns"))
    assert set(again.customers["x_note"]) == {"call first"}


def test_all_that_is_wrong_with_travel_times_comes_at_once(folder):
    (folder / "travel.csv").write_text(
        "customer,rep,minutes,km\n"
        "E1,West,90,\n"
        "E9,West,80,\n"
        "E1,North,70,\n"
        "E2,West,-5,10\n"
        "E1,West,95,\n"
        "E3,West,,\n",
        encoding="utf-8",
    )
    assert problems(folder) == [
        "travel.csv row 5, minutes: must be greater than or equal to 0 (found '-5')",
        "travel.csv row 7, row: give minutes or km, or remove the row: pairs without one are estimated",
        (
            "travel.csv row 3, customer: no such customer in customers.csv; correct or remove the row "
            "(found 'E9')"
        ),
        "travel.csv row 4, rep: no such rep in reps.csv; correct or remove the row (found 'North')",
        (
            "travel.csv row 6, customer, rep: this pair of customer and rep has a row already; keep one "
            "(found 'E1, West')"
        ),
    ]


def test_travel_times_and_opening_hours_survive_writing(folder):
    (folder / "travel.csv").write_text("customer,rep,minutes\nE1,West,90\n", encoding="utf-8")
    scenario = read(folder)
    again = write(scenario, folder.parent / "again" / "two_towns")
    assert read(again) == scenario
    assert (again / "travel.csv").read_text(encoding="utf-8") == "customer,rep,minutes,km\nE1,West,90,\n"


def test_a_time_of_day_is_written_with_a_colon(folder):
    table = pd.read_csv(folder / "customers.csv", dtype="str", keep_default_na=False)
    table.loc[0, ["opens", "closes"]] = ["9.30", ""]
    table.loc[1, ["opens", "closes"]] = ["17:00", "09:00"]
    table.to_csv(folder / "customers.csv", index=False)
    assert problems(folder) == [
        "customers.csv row 2, opens: must be a time such as 09:30 (found '9.30')",
        (
            "customers.csv row 3, opens, closes: closes must be after opens "
            "(found 'opens = 17:00, closes = 09:00')"
        ),
    ]


def test_a_customer_that_moves_forgets_its_ways(towns):
    towns.tables["travel_times"] = pd.DataFrame(
        {"customer": ["E1", "E2"], "rep": ["West", "West"], "minutes": ["90", "91"]}, dtype="str"
    )
    moved = Change(name="moved", title="Moved", edit={"customers": [{"customer": "E1", "longitude": 2}]})
    assert moved.apply(build(towns)).travel_times["customer"].tolist() == ["E2"]


@pytest.mark.parametrize("column", ["start", "customer", "hours_per_year"])
def test_a_column_that_appears_twice_is_said_whatever_it_holds(folder, column):
    file = folder / ("customers.csv" if column == "customer" else "reps.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    header, *rows = [line.split(",") for line in lines]
    at = header.index(column) if column in header else 0
    doubled = [[*header, *([column] * (1 if column in header else 2))]]
    doubled += [
        [*row, *([row[at] if column in header else ""] * (1 if column in header else 2))] for row in rows
    ]
    file.write_text("\n".join(",".join(row) for row in doubled) + "\n", encoding="utf-8")
    remedy = f"{file.name}, header: column appears twice; keep one (found '{column}')"
    assert problems(folder) == [remedy]
