"""What is too large to be simulated is refused in words before anybody tries."""

import dataclasses

import pytest

from scenarios import InputError, read, with_shocks
from scenarios.building import build, source_of
from scenarios.faults import assembled
from scenarios.market import Market
from scenarios.named_shocks import NamedShock
from scenarios.shocks import Shock

SHOCK = {"name": "s", "start": "2026-02-01", "end": "2026-03-01"}


@pytest.fixture
def towns():
    return source_of(read("two_towns"))


def refused(source, **market):
    source = dataclasses.replace(
        source, settings={**source.settings, "market": {**source.settings["market"], **market}}
    )
    with pytest.raises(InputError) as caught:
        build(source)
    return str(caught.value)


def faults(**effects):
    return [(fault.loc[0], fault.remedy) for fault in assembled(Shock, SHOCK | effects)[1]]


def test_factors_end_at_ten_and_percent_is_guessed():
    most = "must be less than or equal to 10"
    assert faults(price=10.0, demand=0.0) == []
    assert faults(price=95) == [("price", f"{most}; did you mean 0.95?")]
    assert faults(demand=1e300, win=120.0) == [("demand", most), ("win", f"{most}; did you mean 1.2?")]
    assert faults(capacity=80, ramp=50) == [
        ("capacity", f"{most}; did you mean 0.8?"),
        ("ramp", f"{most}; did you mean 0.5?"),
    ]
    assert faults(quits=10.5) == [("quits", f"{most}; did you mean 0.105?")]
    assert faults(probability=80) == [("probability", "must be less than or equal to 1; did you mean 0.8?")]


def test_times_end_at_ten_years():
    most = "must be less than or equal to 3650"
    assert faults(decision_delay_days=3650.0, delivery_delay_days=1e300) == [("delivery_delay_days", most)]
    assert faults(decision_delay_days=1e300) == [("decision_delay_days", most)]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("demand_noise", 50.0, "equal to 3 (found '50.0')"),
        ("order_value_cv", 3.1, "equal to 3 (found '3.1')"),
        ("growth", 1e6, "equal to 10 (found '1000000.0')"),
        ("growth", 25.0, "equal to 10; did you mean 0.25? (found '25.0')"),
        ("turnover", {"attainment_effect": 2000.0}, "equal to 20 (found '2000.0')"),
        ("late_days", 1e300, "equal to 3650 (found '1e+300')"),
    ],
)
def test_settings_of_the_market_have_limits(towns, setting, value, said):
    assert said in refused(towns, **{setting: value})


def test_more_opportunities_than_can_be_simulated_are_refused(towns):
    # Sales of 1,200,000 in orders of .01 won half the time are 240,000,000 opportunities a year; the best
    # month of an even year is 1 / 12, so no day has more.
    assert refused(towns, order_values={"": 0.01}).endswith("(found '240,000,000')")
    assert "so many opportunities may arise in a year" in refused(towns, order_values={"": 0.01})
    assert "new_customers_per_year" in refused(towns, new_customers_per_year=1e9, new_customer_value=1.0)
    assert "(found '0.0001')" in refused(towns, order_values={"": 1e-4})


def test_shocks_count_for_what_can_be_simulated():
    # 240 opportunities a year; six shocks of ten times the demand make 240 million of them on some days.
    towns = read("two_towns")
    events = tuple({**SHOCK, "name": str(number), "demand": 10.0} for number in range(6))
    with_shocks(towns, NamedShock(name="flood", title="flood", shocks=events[:5]))
    with pytest.raises(InputError, match="240,000,000"):
        with_shocks(towns, NamedShock(name="flood", title="flood", shocks=events))


def test_amounts_beyond_what_is_exact_to_the_cent_are_refused(towns):
    # With cv 0 the largest order is the mean: 2^53 - 1 cents.
    usual = {"order_value_cv": 0.0}
    said = refused(towns, order_values={"": 1e14}, **usual)
    assert "market.order_values.: a single order may then be more than 90,071,992,547,410" in said
    assert "new_customer_value" in refused(
        towns, new_customer_value=1e14, new_customers_per_year=1.0, **usual
    )
    towns.tables["customers"]["potential"] = ["1e16"] * 6
    assert "sales of a year may come to so much" in refused(towns, order_values={"": 1e13}, **usual)


def test_calls_beyond_what_can_be_simulated_are_refused(towns):
    towns.tables["customers"]["service_calls_per_year"] = ["1e7"] * 6
    assert "(found '60,000,000')" in refused(towns)


def test_newcomers_who_buy_nothing_are_refused(towns):
    assert "give new_customer_value" in refused(towns, new_customers_per_year=5.0)


def test_order_values_of_lines_that_nobody_has_are_refused(towns):
    said = refused(towns, order_values={"": 10_000.0, "Pipes": 5.0})
    assert "no such product line in products.csv" in said
    assert "(found 'Pipes')" in said


def test_pools_that_are_not_there_are_told_with_all_else(towns):
    deal = {"name": "deal", "hours": 0.5, "conversion": 0.5, "days": 10.0, "pool": "lab"}
    said = refused(
        towns, stages=[deal], pools=[{"name": "labs", "slots_per_week": 1}], seasonality=[0.1] * 12
    )
    assert "market.stages 'deal', pool: no such pool in market.pools; did you mean 'labs'?" in said
    assert "seasonality must be twelve shares" in said


def test_work_and_pools_named_twice_are_told_at_once():
    raw = {
        "order_values": {"": 1.0},
        "stages": [{"name": "deal", "hours": 1.0, "conversion": 1.0, "days": 0.0}],
        "work_order": ["deals", "deals", "visits"],
        "pools": [{"name": "lab", "slots_per_week": 1}] * 2,
    }
    said = [fault.remedy for fault in assembled(Market, raw)[1]]
    assert [remedy[:10] for remedy in said] == ["work_order", "two pools "]
