"""Customers nobody may serve, and the fewest rules that make it so."""

from optimizer.clashing.unserved import unserved
from scenarios.building import build


def test_each_customer_has_its_own_smallest_set(towns):
    towns.tables["customers"]["region"] = ["", "", "moon", "moon", "", ""]
    towns.tables["reps"]["regions"] = "north"
    towns.settings["rules"] = {
        "eligibility": [{"name": "region", "customer": "region", "rep": "regions"}],
        "accounts": [
            {"name": "not West", "kind": "never", "customers": ["W1", "W3"], "reps": ["West"]},
            {"name": "not East", "kind": "never", "customers": ["W1"], "reps": ["East"]},
            {"name": "stay", "kind": "stay", "customers": ["W1", "E3"]},
        ],
    }
    found = {lost.customers: lost.rules for lost in unserved(build(towns))}
    # W1 is not for West, and is not for East or has to stay in the West: the last of the two is not needed.
    assert found == {("W3", "E1"): ("region",), ("W1",): ("not West", "not East")}


def test_a_family_is_lost_together_where_a_member_alone_is_not(towns):
    towns.tables["customers"]["family"] = ["f", "f", "", "", "", ""]
    towns.settings["rules"] = {
        "accounts": [
            {"name": "a", "kind": "only", "customers": ["W1"], "reps": ["West"]},
            {"name": "b", "kind": "only", "customers": ["W2"], "reps": ["East"]},
        ]
    }
    (lost,) = unserved(build(towns))
    assert (lost.customers, lost.rules) == (("W1", "W2"), ("a", "b", "families"))
    assert lost.said(6) == "no rep may serve 2 of 6 customers by a, b, families together: W1, W2"


def test_where_all_may_be_served_there_is_nothing(towns):
    assert unserved(build(towns)) == ()
