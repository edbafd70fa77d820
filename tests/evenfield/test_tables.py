import pandas as pd

from evenfield.tables import assignments, quotas, write_assignments, write_quotas


def test_every_customer_has_a_row_that_says_who_has_it_and_who_had_it(done):
    table = assignments(done.scenarios["plan"], done.plans["plan"]).set_index("customer")
    assert list(table.index) == ["W1", "W2", "W3", "E1", "E2", "E3"]
    assert (table["was"] == "west").all()
    assert (table["moved"] == (table["rep"] != "west")).all()
    assert table["moved"].sum() == 3
    assert table.loc["E1", "name"] == "海尔集团"


def test_hours_are_those_with_the_rep_who_serves(done):
    # 12 visits x 1 h, no travel in one's own town, and half an hour for each opportunity:
    # 100,000 a year / 10,000 an order / half of them won = 20 opportunities = 10 h.
    table = assignments(done.scenarios["plan"], done.plans["plan"]).set_index("customer")
    home = "W1" if table.loc["W1", "rep"] == "west" else "E1"
    assert table.loc[home, "hours"] == 12 * 1 + 10


def test_a_customer_without_a_rep_has_no_hours(two_towns):
    from optimizer import Plan, todays_book

    today = todays_book(two_towns)
    nobody = today.owner.mask(today.owner.index == "W1", "")
    table = assignments(two_towns, Plan("x", two_towns.digest, nobody, today.quota)).set_index("customer")
    assert pd.isna(table.loc["W1", "hours"])
    assert table.loc["W1", "rep_name"] == ""


def test_quotas_add_up_to_the_target(done):
    table = quotas(done.scenarios["plan"], done.plans["plan"])
    assert table["year"].sum() == done.scenarios["plan"].target_amount == 1_200_000
    assert (table[["Q1", "Q2", "Q3", "Q4"]].sum(axis=1) == table["year"]).all()


def test_files_are_utf8_without_a_mark_and_read_back_equal(done, tmp_path):
    scenario, plan = done.scenarios["plan"], done.plans["plan"]
    assigned = write_assignments(scenario, plan, tmp_path / "assignments.csv")
    asked = write_quotas(scenario, plan, tmp_path / "quotas.csv")
    assert not assigned.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "海尔集团" in assigned.read_text(encoding="utf-8")

    read = pd.read_csv(assigned, dtype={"rep": "str"}, keep_default_na=False).set_index("customer")
    assert read["rep"].to_dict() == plan.owner.to_dict()
    assert read["moved"].to_list() == assignments(scenario, plan)["moved"].to_list()
    quota = pd.read_csv(asked).set_index("rep")[["Q1", "Q2", "Q3", "Q4"]].astype("float64")
    pd.testing.assert_frame_equal(quota, plan.quota, check_names=False)
