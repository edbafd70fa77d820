"""Extracts: only the columns asked for, all problems at once."""

import pytest

from scenarios import InputError
from scenarios.importing.extracts import dates, numbers, read_extracts


def test_only_the_columns_asked_for_are_read_and_as_text(tmp_path):
    (tmp_path / "stores.csv").write_text("id,future,city\n007,9,York\n")
    frame = read_extracts(tmp_path, {"stores.csv": ("id", "city")})["stores.csv"]
    assert frame.to_dict("records") == [{"id": "007", "city": "York"}]


def test_all_missing_files_and_columns_are_told(tmp_path):
    (tmp_path / "stores.csv").write_text("id\n1\n")
    (tmp_path / "empty.csv").write_text("")
    wanted = {"stores.csv": ("id", "city", "lat"), "orders.csv": ("id",), "empty.csv": ("id",)}
    with pytest.raises(InputError) as error:
        read_extracts(tmp_path, wanted)
    problems = error.value.problems
    assert [p.value for p in problems] == ["city", "lat", "", ""]
    assert "orders.csv" in problems[2].place
    assert all(p.remedy for p in problems)


def test_cells_that_are_no_numbers_or_dates_are_told_with_their_row(tmp_path):
    (tmp_path / "orders.csv").write_text("amount,date\n1.5,2020-01-31\nlots,soon\n")
    frame = read_extracts(tmp_path, {"orders.csv": ("amount", "date")})["orders.csv"]
    with pytest.raises(InputError, match="row 3, amount") as error:
        numbers(frame, ["amount"], "orders.csv")
    assert error.value.problems[0].value == "lots"
    with pytest.raises(InputError, match="row 3, date"):
        dates(frame, ["date"], "orders.csv")
    assert numbers(frame.iloc[:1], ["amount"], "orders.csv")["amount"].tolist() == [1.5]
