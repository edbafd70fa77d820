"""What would have to give way, in words and amounts."""

import pytest

from optimizer.territories import assign_customers
from scenarios import NoPlanExists
from scenarios.building import build


def reasons(source):
    with pytest.raises(NoPlanExists) as caught:
        assign_customers(build(source))
    return list(caught.value.reasons)


def test_a_lock_that_overfills_its_rep_names_the_rep(towns):
    towns.tables["customers"]["lock"] = "yes"
    # all six at West: 72 h of calls and 36 trips of 4.448 h = 232 h; East cannot help
    assert reasons(towns) == [
        "hours: rep West would need 232.1, 100 are allowed",
        "hours: in all 232.1 would be needed, 200 are allowed",
    ]


def test_too_few_moves_and_hard_limits_name_the_cheapest_way_out(towns):
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.settings["rules"] = {
        "balance": [{"measure": "customers", "tolerance": 0.0, "hard": True}],
        "move_limit": 2,
    }
    # Three customers each is fair and needs three moves. One move beyond two is half a limit too much; four
    # customers and two would be a third too many and a third too few.
    assert reasons(towns) == ["moves: 3 would be needed, 2 are allowed"]
