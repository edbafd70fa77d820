"""Wishes a plan does not grant, on the two towns."""

from optimizer.asking.wishes import wishes_not_granted
from optimizer.planning import optimize
from optimizer.score import score
from scenarios.building import build


def test_what_is_not_granted_is_listed_with_its_price(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["customers"]["potential"] = ["1500", "200", "300", "100", "200", "300"]
    towns.settings["rules"] = {
        "accounts": [
            {"name": "东区归东", "owner": "Ann", "kind": "only", "where": {"longitude": 0}, "reps": ["East"],
             "price": 30.0},
            {"kind": "stay", "customers": ["E1"], "price": 2.0},
            {"kind": "never", "customers": ["E2"], "reps": ["West"]},
        ]
    }  # fmt: skip
    scenario = build(towns)
    plan = optimize(scenario, gap=0.0)
    # Driving to a customer of the other town costs 53: no wish is worth that. E1 moves and loses 5.
    found = wishes_not_granted(scenario, plan.owner)
    assert found.to_dict("records") == [
        {"rule": "东区归东", "asked_by": "Ann", "customer": c, "rep": "West", "price": 30.0}
        for c in ("W1", "W2", "W3")
    ] + [{"rule": "accounts 2 (stay)", "asked_by": "", "customer": "E1", "rep": "East", "price": 2.0}]
    assert found["price"].sum() == score(scenario, plan.owner).terms["wishes"]
    assert wishes_not_granted(scenario, plan.owner.mask(plan.owner == "West", ""))["rule"].tolist() == [
        "accounts 2 (stay)"
    ]


def test_nothing_is_listed_where_all_are_granted(towns):
    scenario = build(towns)
    assert wishes_not_granted(scenario, scenario.customers["owner"]).empty
