"""The aggregate: equality, digest, copies, last year's sales, who may serve whom."""

import pickle

import pandas as pd
import pytest

from scenarios import InputError, read, write
from scenarios.behavior import Effort
from scenarios.building import build
from scenarios.scheme import Bonus, Scheme
from scenarios.targets import Target


def test_written_and_read_back_it_is_equal(towns, tmp_path):
    towns.settings["rules"] = {"balance": [{"measure": "hours", "tolerance": 0.1, "hard": True}]}
    towns.tables["reps"]["start"] = ["", "2026-03-01"]
    towns.tables["customers"]["potential"] = ["0.1", "1e-7", "123456789.123", "3", "2", "1"]
    scenario = build(towns)
    again = read(write(scenario, tmp_path / "two_towns"))
    assert again == scenario
    assert again.digest == scenario.digest
    assert hash(again) == hash(scenario)


@pytest.mark.parametrize("name", ["superstore", "two_towns"])
def test_library_cases_are_equal_after_writing(name, tmp_path):
    scenario = read(name)
    assert read(write(scenario, tmp_path / name)) == scenario


def test_the_digest_follows_content_and_not_words(towns):
    scenario = build(towns)
    assert scenario.replace(title="Another title").digest == scenario.digest
    assert scenario.replace(title="Another title") != scenario
    assert scenario.replace(target=Target(amount=1300)).digest != scenario.digest
    changed = scenario.customers.assign(potential=1.0)
    assert scenario.replace(customers=changed).digest != scenario.digest


def test_replace_leaves_the_original_alone_and_checks_the_copy(towns):
    scenario = build(towns)
    before = scenario.digest
    with pytest.raises(InputError, match="no such rep"):
        scenario.replace(customers=scenario.customers.assign(owner="Nobody"))
    assert build(towns).digest == before


def test_last_year_is_the_twelve_months_before_the_plan_year(towns):
    sales = build(towns).last_year_sales
    assert sales.to_dict() == {"W1": 80, "W2": 0, "W3": 0, "E1": 120, "E2": 0, "E3": 0}


def test_growth_is_on_last_years_sales_and_rounded(towns):
    towns.settings["target"] = {"growth": 0.2, "rounding_unit": 50}
    assert build(towns).target_amount == 250  # 200 x 1.2 = 240


def test_growth_needs_a_past(towns):
    towns.settings["target"] = {"growth": 0.2}
    del towns.tables["history"]
    with pytest.raises(InputError, match=r"give target\.amount instead"):
        build(towns)


def test_fiscal_years_begin_in_any_month(towns):
    towns.settings["year"]["start"] = "2025-07-01"
    towns.tables["history"] = towns.tables["history"].iloc[[0, 2]]
    scenario = build(towns)
    assert [(q.start.month, q.end.month) for q in scenario.year.quarters] == [
        (7, 10),
        (10, 1),
        (1, 4),
        (4, 7),
    ]
    assert scenario.year.days == 365
    assert scenario.last_year_sales.sum() == 80 + 999  # February 2025 and August 2024


def test_eligibility_matches_values_with_lists(towns):
    towns.tables["customers"]["segment"] = ["Big", "Small", "", "Big", "Big", "Small"]
    towns.tables["reps"]["segments"] = ["Small; Big", "Small"]
    towns.settings["rules"] = {"eligibility": [{"customer": "segment", "rep": "segments"}]}
    towns.tables["customers"]["lock"] = ["", "", "", "", "", "yes"]
    allowed = build(towns).eligible
    assert allowed["West"].tolist() == [True] * 6
    assert allowed["East"].tolist() == [False, True, True, False, False, False]  # E3 is locked to West


def test_settings_contradicting_tables_are_found(towns):
    towns.settings["rules"] = {"eligibility": [{"customer": "colour", "rep": "colours"}]}
    towns.settings["market"]["shocks"] = [
        {
            "name": "late",
            "start": "2027-01-01",
            "end": "2027-02-01",
            "demand": 0.5,
            "where": {"planet": ["Mars"]},
        }
    ]
    towns.settings["market"]["order_values"] = {"Pipes": 5.0}
    towns.tables["reps"]["skills"] = ["Singing", ""]
    towns.tables["customers"]["owner"] = ["", "West", "West", "West", "West", "West"]
    towns.tables["customers"]["lock"] = ["yes", "", "", "", "", ""]
    with pytest.raises(InputError) as caught:
        build(towns)
    assert [p.place for p in caught.value.problems] == [
        "customers.csv row 2, lock",
        "scenario.toml, rules.eligibility 'eligibility (colour in colours)', customer",
        "scenario.toml, rules.eligibility 'eligibility (colour in colours)', rep",
        "scenario.toml, market.shocks 'late', where",
        "scenario.toml, market.shocks 'late'",
        "scenario.toml, market.order_values",  # no value for the line there is
        "scenario.toml, market.order_values",  # a line there is not
        "reps.csv row 2, skills",
    ]


def test_order_lines_add_up_to_orders(towns):
    towns.tables["products"] = pd.DataFrame({"product": ["p"], "line": ["Pipes"]}, dtype="str")
    towns.settings["market"]["order_values"] = {"Pipes": 5.0}
    towns.tables["order_lines"] = pd.DataFrame(
        {
            "order": ["1", "2", "2", "9"],
            "product": ["p", "p", "q", "p"],
            "amount": ["80", "100", "19", "5"],
        },
        dtype="str",
    )
    with pytest.raises(InputError) as caught:
        build(towns)
    found = [str(p) for p in caught.value.problems]
    assert found[0].startswith("order_lines.csv row 5, order: no such order")
    assert "order 2 in order_lines.csv add up to 119.00; make them equal (found '120.00')" in found[1]
    assert "order 3 in order_lines.csv add up to 0.00" in found[2]
    assert found[3].startswith("order_lines.csv row 4, product: no such product")


def test_a_target_below_its_rounding_unit_is_refused(towns):
    towns.settings["target"] = {"amount": 400, "rounding_unit": 1000}
    with pytest.raises(
        InputError, match=r"target\.rounding_unit: the target comes to 0 when rounded to this"
    ):
        build(towns)


def test_parts_divide_their_customer_by_line(towns):
    towns.tables["customers"]["part_of"] = ["", "", "", "E", "E", "E"]
    towns.tables["customers"]["product_line"] = ["", "", "", "Pipes", "Pipes", ""]
    towns.tables["products"] = pd.DataFrame({"product": ["p"], "line": ["Pipes"]}, dtype="str")
    towns.settings["market"]["order_values"] = {"Pipes": 5.0}
    with pytest.raises(InputError) as caught:
        build(towns)
    assert [p.place for p in caught.value.problems] == [
        "customers.csv row 7, part_of, product_line",
        "customers.csv row 6, part_of, product_line",
    ]


def test_numbers_are_no_dates(towns):
    towns.tables["reps"]["start"] = ["1704067200", "2026-03-01"]
    with pytest.raises(InputError, match=r"reps\.csv row 2, start: must be a date such as 2026-01-31"):
        build(towns)


def test_a_copy_under_other_pay_is_the_scenario_as_if_it_were_made_anew(towns):
    scenario, effort = build(towns), Effort(least=0.4)
    scheme = Scheme(elements={"bonus": Bonus(weight=1)})
    copy = scenario.answering(scheme=scheme, effort=effort)
    market = scenario.market.model_copy(update={"effort": effort})
    assert copy.digest == scenario.replace(scheme=scheme, market=market).digest
    assert copy.digest != scenario.digest
    assert copy.memory is scenario.memory
    assert copy.market.timing == scenario.market.timing
    again = pickle.loads(pickle.dumps(copy))
    assert again == copy
    assert again.answering(scheme=scheme).digest == copy.digest
