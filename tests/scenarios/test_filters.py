"""Filters of rules: values of texts and lists, numbers and dates also by comparison and range."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import InputError
from scenarios.building import build
from scenarios.filters import fits
from scenarios.permissions import meant_customers

TABLE = pd.DataFrame(
    {
        "potential": [1000.0, 1500.0, 2000.0, 0.5],
        "renewal": pd.to_datetime(["2026-01-31", None, "2026-06-30", "2025-12-31"]),
        "regions": ["East;West", "East", "", "North"],
        "lock": [True, False, False, True],
    }
)


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({"potential": ("1000",)}, [0]),
        ({"potential": ("1000.0", "0.5")}, [0, 3]),
        ({"potential": (">= 1500",)}, [1, 2]),
        ({"potential": ("<1000",)}, [3]),
        ({"potential": ("1000 to 1500",)}, [0, 1]),
        ({"potential": ("> 1999", "< 1")}, [2, 3]),
        ({"renewal": ("2026-01-31",)}, [0]),
        ({"renewal": ("2026-01-01 to 2026-12-31",)}, [0, 2]),
        ({"renewal": ("",)}, [1]),
        ({"regions": ("East",)}, [0, 1]),
        ({"regions": ("",)}, [2]),
        ({"lock": ("true",)}, [0, 3]),
        ({"lock": ("true",), "potential": ("> 1",)}, [0]),
        ({}, [0, 1, 2, 3]),
    ],
)
def test_who_fits(where, rows):
    assert [row for row, fit in enumerate(fits(TABLE, where)) if fit] == rows


@given(st.lists(st.integers(-5, 5), min_size=1), st.integers(-5, 5), st.integers(-5, 5))
def test_a_comparison_is_what_it_says(numbers, low, high):
    table = pd.DataFrame({"n": [float(n) for n in numbers]})
    among = fits(table, {"n": (f"{low} to {high}",)}).tolist()
    assert among == [low <= n <= high for n in numbers]
    assert fits(table, {"n": (f"> {low}",)}).tolist() == [n > low for n in numbers]


@pytest.mark.parametrize("value", [300, 300.0, "300", ["300"], [">= 300"], "250 to 350"])
def test_numbers_may_be_written_as_such(towns, value):
    towns.settings["rules"] = {"accounts": [{"kind": "leave", "where": {"potential": value}}]}
    scenario = build(towns)
    meant = meant_customers(scenario, scenario.rules.accounts[0])
    assert scenario.customers.index[meant].tolist() == ["W3", "E3"]


def test_what_is_no_number_is_refused_by_the_rule_s_name(towns):
    rule = {"name": "大客户", "kind": "leave", "where": {"potential": "much", "owner_since": ">= soon"}}
    towns.settings["rules"] = {"accounts": [rule]}
    with pytest.raises(InputError) as caught:
        build(towns)
    place = "scenario.toml, rules.accounts '大客户', where"
    assert [str(p) for p in caught.value.problems] == [
        f"{place}.potential: column potential holds numbers: give a value, a comparison such as '>= 1000' or "
        "a range such as '1000 to 2000' (found 'much')",
        f"{place}.owner_since: column owner_since holds dates: give a value, a comparison such as "
        "'>= 2026-01-31' or a range such as '2026-01-31 to 2026-06-30' (found '>= soon')",
    ]


def test_rows_may_be_meant_by_their_names(towns):
    shock = {"name": "s", "start": "2026-02-01", "end": "2026-03-01"}
    towns.settings["market"]["shocks"] = [
        {**shock, "loses": True, "where": {"customer": ["W3", "E1"]}},
        {**shock, "name": "t", "capacity": 0.5, "reps": {"rep": "West"}},
    ]
    scenario = build(towns)
    who, where = scenario.market.shocks[1].reps, scenario.market.shocks[0].where
    assert fits(scenario.customers, where).tolist() == [False, False, True, True, False, False]
    assert fits(scenario.reps, who).tolist() == [True, False]
    towns.settings["market"]["shocks"][0]["where"] = {"customer": ["W3", "E9"]}
    with pytest.raises(InputError) as caught:
        build(towns)
    [problem] = caught.value.problems
    assert str(problem).startswith("scenario.toml, market.shocks 's', where.customer: no such customer in cu")
    assert problem.value == "E9"
