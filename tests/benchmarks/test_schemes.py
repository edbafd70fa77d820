"""What a decision between two schemes costs."""

import numpy as np
import pytest

from benchmarks import schemes
from benchmarks.schemes import (
    FIGURES,
    SCHEMES,
    Case,
    Decision,
    Need,
    PeerYear,
    decide,
    need_of,
    years_for,
)

TINY = (60, 3)


def test_years_grow_with_the_square_of_scatter_over_width():
    # (1.96 x 5 / 1)^2 = 96.04, with 1.95996 it is 96.03
    assert years_for(5.0, 1.0) == 97
    assert years_for(5.0, 0.5) == 385  # four times 96.03 is 384.1
    assert years_for(0.0, 1.0) == 2


def test_pairs_need_fewer_years_where_luck_is_shared():
    reference = np.array([90.0, 110.0, 90.0, 110.0])
    same_luck = reference + np.array([4.0, 6.0, 6.0, 4.0])
    other_luck = np.array([115.0, 95.0, 95.0, 115.0])
    need = need_of("bookings", reference, same_luck, other_luck, 0.01)
    assert need.half_width == pytest.approx(1.0)  # 1 % of 100
    assert need.scatter**2 == pytest.approx(400 / 3 + 400 / 3)
    assert need.scatter_in_pairs**2 == pytest.approx(4 / 3)
    assert need.years == pytest.approx(200 * need.years_in_pairs, rel=0.2)


def test_shares_are_known_to_a_point():
    some = np.array([0.0, 1.0, 1.0, 0.0])
    assert need_of("reached_target", some, some, some, 0.01).half_width == 0.01


def test_the_difference_is_known_when_it_stops():
    pairs = schemes.sides_of(*TINY)
    assert list(pairs) == list(SCHEMES)
    scenario = pairs[SCHEMES[0]][0]
    assert scenario.market.effort.mode == "forward-looking"
    assert scenario.market.effort.reference_commission == pytest.approx(3 * 40_000 / scenario.target_amount)
    coarse, seconds = decide(pairs, Case("few", first=8), 0.5)
    finer, _ = decide(pairs, Case("few", first=8), 0.05)
    assert coarse == 8
    assert finer > coarse
    assert seconds > 0


def test_all_is_measured_on_one_company():
    cases = [Case("one"), Case("learning", pilot_years=2)]
    found = schemes.measure(TINY, cases, 6, 2, times=1)
    assert [decision.case for decision in found] == cases
    assert [need.figure for need in found[0].needs] == list(FIGURES)
    assert found[0].peer_years == max(need.years for need in found[0].needs)
    assert found[0].peer.play > 0


def test_the_table_says_what_was_reached():
    need = Need("bookings", 100.0, 500.0, 50.0, 400, 2)
    case, peer = Case("as usual", has_reach=True), PeerYear(luck=0.05, play=0.2)
    fast, slow = (Decision(case, 64, seconds, (need,), peer) for seconds in (1.0, 4.0))
    text = schemes.report([fast, slow], TINY, 6)
    # 400 years of two schemes at .2 s are 160 s, with their luck 200
    assert "| as usual | 64 | 1.00 | 400 | 160 | 160 | 100 reached | 200 |" in text
    assert "| as usual | 64 | 4.00 | 400 | 160 | 40 | 100 **missed** | 50 |" in text
    assert "| bookings | 100 | 500 | 400 | 50 | 2 |" in text
