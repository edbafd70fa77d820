"""Helpers whom all seats share."""

from written_years import ANN, fate_of, lived

from simulation.accounting.journal import What


def test_a_pool_grants_its_slots_on_the_first_day_of_the_week(world):
    # Two slots a week: asks of days 1, 2 and 3 wait for day 7, the third for day 14; the fourth gives up.
    stages = [{"name": "deal", "hours": 4.0, "conversion": 0.5, "days": 0.0, "pool": "help"}]
    here = world(stages=stages, pools=[{"name": "help", "slots_per_week": 2}])
    deals = [
        {"arises": 1.0},
        {"arises": 2.0},
        {"arises": 3.0},
        {"arises": 4.0, "patience": 9.0},
        {"arises": 28.0},
    ]
    assert lived(here, fate_of(here, deals), What.WORK, What.LOST_WAITING) == [
        (7.5, What.WORK, ANN, 0, 4, 0),
        (8.0, What.WORK, ANN, 1, 4, 0),
        (13.0, What.LOST_WAITING, ANN, 3, 4, 10_000),
        (14.5, What.WORK, ANN, 2, 4, 0),
        (35.5, What.WORK, ANN, 4, 4, 0),
    ]
