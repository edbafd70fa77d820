"""The table of effort that the year looks up, and the curve of a scheme."""

from dataclasses import replace

import numpy as np
import pytest
from payroll import view

from scenarios.scheme import Bonus, Commission, Scheme, Tier
from simulation.behaving.effort import EffortTable, constant


def test_a_table_is_read_between_its_points():
    table = EffortTable(np.array([[[1.0, 2.0, 0.5]]]), np.array([[10.0]]))
    assert [table.chosen(0, 0, y) for y in (0, 2.5, 5, 7.5, 10, 99)] == [1.0, 1.5, 2.0, 1.25, 0.5, 0.5]
    assert constant(2, 3).chosen(1, 2, 5.0) == 1.0


def test_the_view_of_a_scheme_pays_what_the_scheme_does():
    # 1,000 of commission and 300 of bonus for a quota of 10,000: double beyond quota, up to 120 %.
    tiers = (Tier(at=0, rate=1), Tier(at=1, rate=2))
    scheme = Scheme(
        elements={"c": Commission(weight=1000 / 1300, tiers=tiers, cap=1.2), "b": Bonus(weight=300 / 1300)}
    )
    curve = replace(view(scheme, 10_000, 1_300), yearly=0.01)
    by_hand = [500 + 50, 1_000 + 300 + 100, 1_200 + 300 + 110, 1_700 + 150]
    assert curve.pay(np.array([5_000.0, 10_000, 11_000, 15_000])) == pytest.approx(by_hand)
