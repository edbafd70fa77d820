"""Promised visits and calls for service."""

import numpy as np
import pytest
from written_years import ANN, fate_of, lived

from simulation.accounting.journal import What


def test_visits_are_made_or_missed_and_move_satisfaction(world):
    # Due every 100 days from day 50 on, 2920 hours long: the year's hours. Only the first is begun.
    here = world({"Ames": {"visits_per_year": 3.65, "hours_per_visit": 2920}})
    notes = lived(here, fate_of(here, phase=np.array([0.5])))
    assert notes == [
        (250.0, What.MISSED_VISIT, ANN, 0, 2920, 0.72),
        (350.0, What.MISSED_VISIT, ANN, 0, 2920, 0.648),
        (365.0, What.MISSED_VISIT, ANN, 0, 2920, 0.5832),
        (365.0, What.OPEN_VISIT, ANN, 0, 0, 0),
    ]
    short = world({"Ames": {"visits_per_year": 3.65, "hours_per_visit": 2}})
    made = lived(short, fate_of(short, phase=np.array([0.5])))
    assert made == [
        (50.25, What.VISIT, ANN, 0, 2, 0.81),
        (150.25, What.VISIT, ANN, 0, 2, 0.8195),
        (250.25, What.VISIT, ANN, 0, 2, 0.828525),
        (350.25, What.VISIT, ANN, 0, 2, 0.837099),
    ]


@pytest.mark.parametrize(("phase", "last"), [(0.3, What.MISSED_VISIT), (0.9, What.OPEN_VISIT)])
def test_the_last_visit_is_missed_if_half_the_time_to_the_next_has_gone_by(world, phase, last):
    # Due every 36.5 days; ann leaves on day 300 and the last falls due on 339.45 or 361.35, of half 18.25.
    reps = {"ann": {"end": "2026-10-28", "backfill": False}}
    here = world({"Ames": {"visits_per_year": 10}}, reps)
    notes = lived(here, fate_of(here, phase=np.array([phase])))
    assert (notes[-1].day, notes[-1].what) == (365.0, last)
    assert sum(n.what in (What.VISIT, What.MISSED_VISIT, What.OPEN_VISIT) for n in notes) == 10


def test_calls_are_answered_in_time_or_not(world):
    # The first takes from 1.0 to 2.0; the second gives up at 1.9, the third is begun at 2.0.
    here = world(service={"hours": 8.0}, satisfaction={"loss_per_unserved_call": 0.1})
    calls = [(0, 1.0, 1.0), (0, 1.1, 0.8), (0, 1.2, 0.9)]
    assert lived(here, fate_of(here, calls=calls)) == [
        (1.0, What.CALL, ANN, 0, 0, 0),
        (1.1, What.CALL, ANN, 1, 0, 0),
        (1.2, What.CALL, ANN, 2, 0, 0),
        (1.9, What.UNSERVED, ANN, 1, 8, 0.72),
        (2.0, What.SERVED, ANN, 0, 8, 0),
        (3.0, What.SERVED, ANN, 2, 8, 0),
    ]
