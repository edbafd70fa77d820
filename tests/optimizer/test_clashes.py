"""What would have to give way, in words and amounts; which rules clash."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.clashes import clash
from optimizer.core.exact import Infeasible, solve
from optimizer.relaxing import without
from optimizer.territories import assign_customers, compile_problem, contested
from scenarios import NoPlanExists
from scenarios.building import build


def reasons(source):
    with pytest.raises(NoPlanExists) as caught:
        assign_customers(build(source))
    return list(caught.value.reasons)


def test_a_lock_that_overfills_its_rep_names_the_rep(towns):
    towns.tables["customers"]["lock"] = "yes"
    # all six at West: 72 h of calls and 36 trips of 4.448 h = 232 h; East cannot help
    said = reasons(towns)
    assert said[:4] == [
        "hours: rep West would need 232.1, 100 are allowed",
        "hours: in all 232.1 would be needed, 200 are allowed",
        "these rules clash: hours, locks",
        "way out: hours: West 232.1 instead of at most 100",
    ]
    # With E1 or another of the East left, West would have 101.4.
    assert said[4].startswith("way out: locks: not for 3 customers (")
    assert "E1 to East" in said[4]


def test_too_few_moves_and_hard_limits_name_the_cheapest_way_out(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "balance": [{"measure": "customers", "tolerance": 0.0, "hard": True}],
        "move_limit": 2,
    }
    # Three customers each is fair and needs three moves. One move beyond two is half a limit too much; four
    # customers and two would be a third too many and a third too few.
    assert reasons(towns) == [
        "moves: 3 would be needed, 2 are allowed",
        "these rules clash: balance of customers, moves",
        "way out: balance of customers: West 4 instead of at most 3; East 2 instead of at least 3",
        "way out: moves: 3 instead of 2",
    ]


def test_only_the_rules_that_clash_are_named(towns):
    """A named account of 200 in the East, nobody under 900 in the West: 1,000 are left, so that is no clash;
    with another of 300 there is."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "accounts": [
            {"name": "W3 for East", "kind": "only", "customers": ["W3"], "reps": ["East"]},
            {"name": "E3 for East", "kind": "only", "customers": ["E3"], "reps": ["East"]},
            {"name": "W1 stays", "kind": "stay", "customers": ["W1"]},
        ],
        "limits": [
            {"name": "rich West", "measure": "potential", "reps": ["West"], "at_least": 700},
            {"name": "not too many", "measure": "customers", "at_most": 5},
        ],
        "move_limit": 6,
    }
    said = reasons(towns)
    assert "these rules clash: rich West, W3 for East, E3 for East" in said
    assert "way out: rich West: West 600 instead of at least 700" in said
    assert "way out: W3 for East: not for 1 customer (W3 to West)" in said


def test_a_rule_that_cannot_be_kept_by_itself_is_named_alone(towns):
    rule = {"name": "too rich", "measure": "potential", "at_least": 700}
    towns.settings["rules"] = {"limits": [rule]}
    towns.tables["reps"]["hours_per_year"] = "1000"
    assert "this rule cannot be kept by itself: too rich" in reasons(towns)


def test_whole_customers_may_clash_where_parts_of_them_do_not(towns):
    """Five customers of 100 to 300 cannot be divided into equal halves: 1,100 is odd in hundreds."""
    customers = towns.tables["customers"]
    towns.tables["customers"] = customers[customers["customer"] != "E1"].reset_index(drop=True)
    towns.tables["history"] = towns.tables["history"].iloc[:1]
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {"limits": [{"name": "half", "measure": "potential", "at_most": 560}]}
    assert "this rule cannot be kept by itself: half" in reasons(towns)


def test_hours_are_those_of_the_scenario_whatever_is_taken_out(towns):
    """Who else may serve changes how trips are shared; a rule taken out to be judged must not."""
    towns.settings["travel"]["visits_per_trip"] = 4
    towns.tables["customers"]["region"] = "West"
    towns.tables["customers"]["owner"] = ""
    towns.tables["reps"]["regions"] = ["West", "East"]
    towns.tables["reps"]["hours_per_year"] = "50"
    towns.settings["rules"] = {"eligibility": [{"customer": "region", "rep": "regions"}]}
    scenario = build(towns)
    problem, opened = compile_problem(scenario).problem, contested(scenario, compile_problem(scenario))
    assert opened is not None
    west = opened.problem.rep == 0
    assert opened.problem.measure("hours").amount[west].tolist() == problem.measure("hours").amount.tolist()
    need = next(line for line in reasons(towns) if line.startswith("hours: rep West"))
    way = next(line for line in reasons(towns) if line.startswith("way out: hours"))
    assert need.split("need ")[1].split(",")[0] in way


def test_a_way_out_holds_against_all_other_rules(towns):
    """Two at most is too few of six; five in the West would be too many hours: three and three are not."""
    towns.settings["rules"] = {"limits": [{"name": "two", "measure": "customers", "at_most": 2}]}
    said = reasons(towns)
    assert "this rule cannot be kept by itself: two" in said
    assert "way out: two: West 3 instead of at most 2; East 3 instead of at most 2" in said


RULES = st.fixed_dictionaries(
    {
        "owners": st.lists(st.sampled_from(["West", "East"]), min_size=6, max_size=6),
        "only": st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["West", "East"])), max_size=3),
        "most": st.integers(2, 4),
        "potential": st.sampled_from([None, 500, 600, 700]),
        "moves": st.sampled_from([None, 0, 1, 2]),
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=RULES)
def test_what_is_named_clashes_and_less_of_it_does_not(towns, rules):
    towns = deepcopy(towns)
    keys = towns.tables["customers"]["customer"].tolist()
    towns.tables["customers"]["owner"] = rules["owners"]
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "accounts": [
            {"name": f"rule {n}", "kind": "only", "customers": [keys[c]], "reps": [rep]}
            for n, (c, rep) in enumerate(dict(rules["only"]).items())
        ],
        "limits": [{"name": "count", "measure": "customers", "at_most": rules["most"]}],
    }
    if rules["potential"] is not None:
        limit = {"name": "potential", "measure": "potential", "at_least": rules["potential"]}
        towns.settings["rules"]["limits"].append(limit)
    if rules["moves"] is not None:
        towns.settings["rules"]["move_limit"] = rules["moves"]
    scenario = build(towns)
    opened = contested(scenario, compile_problem(scenario))
    assert opened is not None
    said = clash(opened, 20.0)
    assert bool(said) == (not _possible(scenario))
    if not said:
        return
    named = said[0].partition(": ")[2].split(", ")
    others = [n for n in ("hours", "moves", *scenario.rules.names().values()) if n not in named]
    alone = scenario
    for name in others:
        if name != "moves" or rules["moves"] is not None:
            alone = without(alone, name)
    assert not _possible(alone)
    for name in named:
        assert _possible(without(alone, name)), name
    assert len(said) >= 1 + len(named)  # a way out for each


def _possible(scenario) -> bool:
    try:
        solve(compile_problem(scenario).problem, time_limit=10.0, gap=1.0)
    except Infeasible:
        return False
    return True
