"""The command `evenfield areas` on files: answers, maps, and everything that may be wrong with the input."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from evenfield.area_tables import ALIASES, amount_columns, meant_amounts
from evenfield.cli import app
from evenfield.terminal import Exit

UNITS = "geoid,Name,lat,lng,people\n" + "".join(
    f"{c},{name},{30 + i // 3},{100 + i % 3},{10 + i}\n"
    for i, (c, name) in enumerate(zip("abcdef", "甲乙丙丁戊己", strict=True))
)
EDGES = "a,b\na,b\nb,c\nd,e\ne,f\na,d\nb,e\nc,f\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "edges.csv").write_text(EDGES, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str, territories: int = 2) -> tuple[int, str, str]:
    files = [str(folder / "units.csv"), "--edges", str(folder / "edges.csv")]
    asked = ["areas", *files, "--territories", str(territories), "--out", str(folder / "out"), *more]
    result = CliRunner().invoke(app, asked)
    code = result.exception.code if isinstance(result.exception, Exit) else result.exit_code
    return int(code), result.stdout, result.stderr


def test_it_writes_tables_and_a_map(folder: Path) -> None:
    code, out, _ = run(folder, "--balance", "people=.2", "--json")
    assert code == 0
    words = json.loads(out)
    assert words["violations"] == []
    assert words["objective"] >= words["bound"] - 1e-6
    table = pd.read_csv(folder / "out" / "territories.csv")
    assert table["unit"].tolist() == list("abcdef")
    assert set(table["territory"]) == {1, 2}
    summary = pd.read_csv(folder / "out" / "territories_summary.csv")
    assert summary["people"].sum() == 75
    assert {"shape", "elongation", "implied_km", "actual_km"} <= set(summary.columns)
    page = (folder / "out" / "map.html").read_text(encoding="utf-8")
    assert "甲" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_people_get_a_table(folder: Path) -> None:
    code, out, _ = run(folder, "--balance", "people=.2", "--compactness", "median")
    assert code == 0
    assert "weight x km" in out
    assert "implied km" in out


def test_barriers_centers_and_outlines(folder: Path) -> None:
    (folder / "barriers.csv").write_text("a,b,reason\nb,c,river\ne,f,ridge\n", encoding="utf-8")
    (folder / "centers.csv").write_text("unit\nc\na\n", encoding="utf-8")
    ring = [[100, 30], [100.5, 30], [100.5, 30.5], [100, 30]]
    shape = {
        "type": "Feature",
        "properties": {"GEOID": "a"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (folder / "shapes.json").write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}))
    more = [
        f"--{x}={folder / x}.{'json' if x == 'shapes' else 'csv'}" for x in ("barriers", "centers", "shapes")
    ]
    code, out, _ = run(folder, *more, "--balance", "none", "--json")
    assert code == 0
    words = json.loads(out)
    assert words["balance"] == {}
    assert [row["center"] for row in words["summary"]] == ["c", "a"]
    assert words["barriers"][0] == {"a": "b", "b": "c", "reason": "river"}
    assert pd.read_csv(folder / "out" / "territories.csv")["territory"].tolist() == [2, 2, 1, 2, 2, 1]
    assert "fill-rule" in (folder / "out" / "map.html").read_text(encoding="utf-8")


def test_all_problems_of_the_input_come_at_once(folder: Path) -> None:
    (folder / "units.csv").write_text(
        "unit,lat,lon,people\na,30,100,-4\nb,95,100,\na,30,1,2\n", encoding="utf-8"
    )
    (folder / "edges.csv").write_text("from,b\na\n", encoding="utf-8")
    code, out, err = run(folder, "--balance", "people", "--json")
    assert code == 2
    places = [p["place"] for p in json.loads(out)["problems"]]
    assert "--balance" in places
    assert "units.csv row 2, unit" not in places
    code, out, err = run(folder, "--balance", "people=.1", "--centers", str(folder / "none.csv"), "--json")
    assert code == 2
    places = [p["place"] for p in json.loads(out)["problems"]]
    for place in ("units.csv row 2, people", "units.csv row 3, latitude", "units.csv row 4, unit"):
        assert place in places
    assert any("none.csv" in place for place in places)
    assert "Traceback" not in err


def test_unknown_units_are_named_with_their_row(folder: Path) -> None:
    (folder / "edges.csv").write_text("a,b\na,z\n", encoding="utf-8")
    code, out, _ = run(folder, "--balance", "people=.1", "--json")
    assert code == 2
    assert json.loads(out)["problems"] == [
        {
            "place": "edges.csv row 2, b",
            "value": "z",
            "remedy": "no such unit; use a unit of the units' table",
        }
    ]


def test_places_may_be_missing(folder: Path) -> None:
    (folder / "units.csv").write_text("unit,lat,lon\na,30,100\nb,,\n", encoding="utf-8")
    (folder / "edges.csv").write_text("a,b\na,b\n", encoding="utf-8")
    code, _, err = run(folder)
    assert code == 2
    assert "units.csv row 3, latitude, longitude" in err


def test_no_plan_exists_leaves_with_3(folder: Path) -> None:
    code, out, _ = run(folder, "--balance", "people=.0001", "--json", territories=4)
    assert code == 3
    assert json.loads(out)["status"] == "no plan exists"


def test_none_found_in_time_leaves_with_4(folder: Path) -> None:
    code, out, _ = run(folder, "--balance", "people=.2", "--time-limit", "0", "--json")
    assert code == 4
    assert json.loads(out)["status"] == "none found in time"


def test_without_balance_the_first_column_of_amounts_is_balanced_and_that_is_said(folder: Path) -> None:
    # 10 + 11 + ... + 15 = 75: half is 37.5, within 5 % are 35.625 to 39.375. ade have 37, bcf 38.
    code, out, err = run(folder, "--json")
    assert code == 0
    assert "Balanced by people within 5% of an equal share" in err
    words = json.loads(out)
    assert words["balance"] == {"people": {"least": 35.625, "most": 39.375, "equal": 37.5}}
    assert {row["people"]: row["people_off_percent"] for row in words["summary"]} == {37: -1.33, 38: 1.33}


def test_a_balance_nobody_asked_for_and_nobody_can_keep_says_how_to_lift_it(folder: Path) -> None:
    code, _, err = run(folder, territories=4)
    assert code == 3
    assert "nobody asked for that balance: --balance COLUMN=.2 allows more, --balance none all" in err
    code, _, err = run(folder, "--balance", "people=.05", territories=4)
    assert code == 3
    assert "nobody asked" not in err


def test_without_amounts_nothing_is_balanced_and_that_is_said(folder: Path) -> None:
    rows = [line.rsplit(",", 1)[0] for line in UNITS.splitlines()]
    (folder / "units.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    code, _, err = run(folder)
    assert code == 0
    assert "Nothing is balanced: units.csv has no column of amounts." in err


@pytest.mark.parametrize("cell", ["-10", "many", ""])
def test_a_cell_that_is_no_amount_is_told_though_nobody_named_its_column(folder: Path, cell: str) -> None:
    (folder / "units.csv").write_text(UNITS.replace(",10\n", f",{cell}\n"), encoding="utf-8")
    (folder / "edges.csv").write_text(EDGES + "a,z\n", encoding="utf-8")
    code, out, _ = run(folder, "--json")
    assert code == 2
    named, asked = json.loads(out), run(folder, "--balance", "people=.05", "--json")[1]
    assert named == json.loads(asked)
    places = [(p["place"], p["value"]) for p in named["problems"]]
    assert places == [("units.csv row 2, people", cell), ("edges.csv row 9, b", "z")]
    (folder / "edges.csv").write_text(EDGES, encoding="utf-8")
    assert run(folder, "--balance", "none", "--json")[0] == 0


def test_of_columns_with_wrong_cells_those_of_usual_names_are_meant_first() -> None:
    text = pd.DataFrame({"debt": ["-1", "x"], "towns": ["1", "2"], "sales": ["-1", "8"]})
    assert meant_amounts(text) == ("sales",)
    assert meant_amounts(text.assign(people=["3", "4"])) == ("people",)
    assert meant_amounts(text[["debt", "towns"]]) == ("towns",)
    assert meant_amounts(text[["debt"]]) == ()
    assert meant_amounts(pd.DataFrame({"homes": ["1", "2", "x"]})) == ("homes",)


def test_codes_places_and_texts_are_no_amounts() -> None:
    text = pd.DataFrame(
        {"index": ["1"], "GEOID": ["01"], "state_fips": ["1"], "county": ["x"], "lat": ["3"], "pop10": ["7"]}
    )
    more = {"n_towns": ["2"], "debt": ["-1"], "Sales 2025": [" 8 "]}
    assert amount_columns(text.assign(**more)) == ["pop10", "Sales 2025", "n_towns"]


def test_a_misspelled_column_is_told_with_what_is_near(folder: Path) -> None:
    code, out, _ = run(folder, "--balance", "peple=.05", "--weight", "x", "--json")
    assert code == 2
    remedies = {p["place"]: p["remedy"] for p in json.loads(out)["problems"]}
    assert remedies["--balance"] == (
        "no such column in units.csv; did you mean people? Its columns of amounts: people"
    )
    assert remedies["--weight"].startswith("no such column in units.csv;")


def test_people_read_limits_and_what_shapes_mean(folder: Path) -> None:
    code, out, _ = run(folder, "--balance", "people=.2")
    assert code == 0
    said = " ".join(out.split())
    assert "people: 30 to 45 are allowed, 37.5 is an equal share" in said
    for words in (
        "off equal",
        "compactness: 1 for a disc",
        "round: home in the middle",
        "wedge: home at its tip",
    ):
        assert words in said


def test_todays_territories_are_set_beside_the_new_ones(folder: Path) -> None:
    # North has 10 + 11 + 12 + 15 = 48 and South 27 of 75; 30 to 45 are allowed. At 500 km a move the lightest
    # move that will do is made: a with its 10.
    today = "unit,territory\na,North\nb,North\nc,North\nd,South\ne,South\nf,North\n"
    (folder / "today.csv").write_text(today, encoding="utf-8")
    how = ("--balance", "people=.2", "--from", str(folder / "today.csv"), "--keep-km", "500")
    code, out, _ = run(folder, *how, "--json")
    assert code == 0
    words = json.loads(out)
    moved = pd.read_csv(folder / "out" / "moved.csv")
    assert moved.to_dict("records") == [
        {"unit": "a", "name": "甲", "from": "North", "to": "South", "territory": 2, "people": 10}
    ]
    assert words["moves"]["units"] == 1
    assert words["moves"]["amounts"]["people"] == {"moved": 10.0, "share": pytest.approx(10 / 75)}
    assert words["objective"] == pytest.approx(words["moves"]["distance"] + 10 * 500**2)
    table = pd.read_csv(folder / "out" / "territories.csv")
    assert table["moved"].tolist() == [True] + [False] * 5
    page = (folder / "out" / "map.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "1 of 6 units leave their territory of today" in page
    code, out, _ = run(folder, *how)
    assert "moved in" in out
    assert f"1 {words['summary'][0]['name']}" in out
    assert "13.3% of people (10)" in " ".join(out.split())


def test_what_comes_out_goes_in_as_todays_territories(folder: Path) -> None:
    assert run(folder, "--balance", "people=.2")[0] == 0
    (folder / "out" / "territories.csv").rename(folder / "today.csv")
    code, out, _ = run(folder, "--balance", "people=.2", "--from", str(folder / "today.csv"), "--json")
    assert code == 0
    assert json.loads(out)["moves"]["units"] == 0


def test_todays_territories_are_checked_like_all_tables(folder: Path) -> None:
    (folder / "today.csv").write_text("unit,territory\na,N\nz,S\na,S\n", encoding="utf-8")
    code, out, _ = run(folder, "--from", str(folder / "today.csv"), "--json")
    assert code == 2
    assert [p["place"] for p in json.loads(out)["problems"]] == ["today.csv row 4, unit"]
    code, out, _ = run(folder, "--keep-km", "5", "--json")
    assert code == 2
    assert json.loads(out)["problems"][0]["place"] == "--keep-km"


def test_the_page_on_areas_has_every_column_every_option_and_an_example_that_runs(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "areas.md").read_text(encoding="utf-8")
    for column, names in ALIASES.items():
        listed = ", ".join(f"`{name}`" for name in names)
        assert f"| {column} | {listed} |" in page
    command = typer.main.get_command(app).commands["areas"]
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert f"`{parameter.opts[0]}`" in page
    units, edges = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (tmp_path / "units.csv").write_text(units, encoding="utf-8")
    (tmp_path / "edges.csv").write_text(edges, encoding="utf-8")
    # A and C have 210 of 420, as have B and D; A and B have 220 and are 48 km apart instead of 56.
    code, out, _ = run(tmp_path, "--balance", "people=.05", "--json")
    assert code == 0
    assert [row["people"] for row in json.loads(out)["summary"]] == [220, 200]
