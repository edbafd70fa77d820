from itertools import takewhile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from evenfield import tables, workbook
from evenfield.report import answer
from optimizer import loads

TREE = ("Quota tree", "Reconciliation")


@pytest.fixture(scope="module")
def file(done, tmp_path_factory):
    return workbook.write(done, tmp_path_factory.mktemp("book") / "new" / "plan.xlsx")


@pytest.fixture(scope="module")
def book(file):
    return openpyxl.load_workbook(file)


def column(sheet, title):
    """Give the cells below a header."""
    place = [cell.value for cell in sheet[1]].index(title)
    return [row[place] for row in sheet.iter_rows(min_row=2)]


def values(sheet, title):
    return [cell.value for cell in column(sheet, title)]


def test_it_has_the_sheets_planners_look_for(book):
    before, after = ["Summary", "Assignments", "Reps", "Quotas", *TREE], ["Year", "Comparison", "Moves"]
    assert book.sheetnames == before + after


def test_headers_stay_in_sight_and_filter(book):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None or all(t.autoFilter for t in sheet.tables.values())


def below(sheet, title, heading):
    """Give the cells of a column of the table that stands below a title."""
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(n for n, row in enumerate(cells) if str(row[0] or "").startswith(title))
    place = cells[top + 1].index(heading)
    rows = takewhile(lambda row: row[0] is not None, cells[top + 2 :])
    return [row[place] for row in rows]


def test_the_year_has_intervals_months_units_and_quarters(book, done):
    sheet, outcome = book["Year"], done.outcomes["plan"]
    assert len(sheet.tables) == 4
    known = outcome.estimates().loc[below(sheet, "Figures", "Key")]
    for heading, end in (("Mean", "mean"), ("Mean, from", "low"), ("Mean, to", "high")):
        assert below(sheet, "Figures", heading) == pytest.approx(known[end].to_list())
    asked = below(sheet, "By month", "Hours asked for")
    worked = below(sheet, "By month", "Hours worked")
    left = below(sheet, "By month", "Hours nobody had time for")
    assert asked == pytest.approx([a + b for a, b in zip(worked, left, strict=True)])
    assert sum(worked) == pytest.approx(outcome.years["worked_by_month"].mean())
    units, quarters = outcome.units(), outcome.by_quarter()
    assert below(sheet, "By team", "Level") == units["level"].to_list()
    assert below(sheet, "By team", "Cost of selling") == pytest.approx(units["cost"].to_list())
    assert below(sheet, "By quarter", "Years that miss") == pytest.approx(quarters["missed"].to_list())
    names = dict(zip(below(sheet, "By team", "Key"), below(sheet, "By team", "Name"), strict=True))
    assert names["east"] == "=HYPERLINK(A1)"


def test_the_summary_says_what_the_report_says(book, done):
    said = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert set(answer(done)) <= set(said)
    assert done.scenarios["plan"].digest in said


def test_facts_stand_beside_their_labels_and_long_ones_take_lines(book):
    sheet = book["Summary"]
    facts = [row for row in sheet.iter_rows(min_row=8) if row[0].value]
    assert len(facts) > 10
    assert {fact.alignment.horizontal for _, fact in facts} == {"left"}
    assert all(fact.alignment.wrap_text for _, fact in facts)
    lines = {label.value: -(-len(fact.value) // 88) for label, fact in facts if isinstance(fact.value, str)}
    assert lines["Versions"] > 1
    heights = {label.value: sheet.row_dimensions[label.row].height or 15 for label, _ in facts}
    assert all(heights[label] >= 15 * count for label, count in lines.items())


def test_names_stay_what_they_are_whatever_excel_would_make_of_them(book, hostile):
    cells = column(book["Assignments"], "Name")
    assert [cell.value for cell in cells] == hostile.customers["name"].to_list()
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(cells)


def test_numbers_read_back_as_they_were(file, done):
    wanted = tables.assignments(done.scenarios["plan"], done.plans["plan"])
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Assignments").to_python()
    place = {title: n for n, title in enumerate(rows[0])}
    for title, name in [
        ("Potential", "potential"),
        ("Sales last year", "sales_last_year"),
        ("Hours a year", "hours"),
    ]:
        assert [row[place[title]] for row in rows[1:]] == pytest.approx(wanted[name].to_list())


def test_moved_customers_are_marked_and_listed(book, done):
    marked = values(book["Assignments"], "Moved")
    assert marked.count("yes") == len(values(book["Moves"], "Customer")) == 3
    assert book["Assignments"].conditional_formatting


def test_every_rep_has_its_loads(book, done):
    wanted = loads(done.scenarios["plan"], done.plans["plan"].owner)
    assert values(book["Reps"], "Hours") == pytest.approx(wanted["hours"].to_list())
    assert values(book["Reps"], "Of capacity") == pytest.approx(wanted["utilization"].to_list())


def test_sums_of_quotas_are_numbers_and_the_check_is_live(file, book, done):
    asked = done.plans["plan"].quota
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Quotas").to_python()
    by_label = {row[0]: row for row in sheet}
    assert by_label["Sum"][2:7] == [*asked.sum().to_list(), asked.to_numpy().sum()]
    assert by_label["Sum"][7] == 0
    assert by_label["Target"][6] == done.scenarios["plan"].target_amount
    assert by_label["Target less sum"][6] == 0
    checks = column(book["Quotas"], "Check: year less quarters")[: len(asked) + 1]
    assert {cell.data_type for cell in checks} == {"f"}


def test_the_comparison_is_numbers(book, done):
    assert sorted(values(book["Comparison"], "Difference")) == pytest.approx(sorted(done.rows["difference"]))
    assert set(values(book["Comparison"], "Verdict")) == set(done.rows["verdict"])


def test_chinese_names_get_room_for_wide_letters(book):
    # the longest name is 28 letters of Latin; a Chinese one of 25 letters would need 50 places
    from evenfield.sheets import Book, Column

    def width_of(text):
        return Book._width(Book("unused.xlsx", "USD"), Column("Name", [text]))

    assert width_of("海尔集团有限公司") == width_of("a" * 16)
