"""How even books can be at best, on the two towns."""

import pytest

from optimizer.compiling.attainable import attainable
from scenarios.building import build


def test_who_alone_may_serve_most_has_most(towns):
    # West alone may serve 900 of 1,200: 150 % of an even share, and East the rest.
    towns.tables["customers"]["region"] = ["W", "W", "W", "E", "E", "W"]
    towns.tables["reps"]["regions"] = ["W;E", "E"]
    towns.settings["rules"] = {
        "eligibility": [{"customer": "region", "rep": "regions"}],
        "balance": [{"measure": "potential", "tolerance": 0.1, "price": 1.0}],
    }
    (best,) = attainable(build(towns))
    assert (best.least_rep, best.most_rep) == ("East", "West")
    assert (best.least, best.most) == pytest.approx((0.5, 1.5))
    assert str(best) == (
        "potential: eligibility allows nothing more even than 50% (East) to 150% (West) of an even share"
    )


def test_where_everybody_may_serve_everybody_shares_are_even(towns):
    towns.settings["rules"] = {"fairness": [{"measure": "customers", "notion": "gini", "price": 1.0}]}
    (best,) = attainable(build(towns))
    assert str(best) == "customers: everybody can have an even share"


def test_nothing_is_said_of_what_nobody_asked(towns):
    assert attainable(build(towns)) == []
