"""The command `evenfield areas` on files: answers, maps, and everything that may be wrong with the input."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

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
    code, out, _ = run(folder, *more, "--json")
    assert code == 0
    words = json.loads(out)
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
