"""Fair odds: equal chances by hand, floors and ceilings, groups that overlap, brute force as judge."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.quotas.laws import Lognormal, Sample
from optimizer.quotas.odds import Group, equal_odds, expected_at_quota, fairest_odds
from scenarios import NoPlanExists


def law_of(means, cvs, noise=0.0):
    means = np.array(means, dtype="float64")
    names = tuple("ABCDEFGH"[: len(means)])
    return Lognormal(names, means, (means * np.array(cvs)) ** 2, noise)


def all_of(law, total):
    return [Group("company", np.ones(len(law.names), dtype=bool), total)]


def test_alike_reps_are_asked_in_proportion():
    odds = equal_odds(law_of([100, 200], [0.2, 0.2]), 330)
    assert odds.quotas == pytest.approx([110, 220])
    assert odds.chances == pytest.approx([odds.common] * 2)


def test_in_a_stretch_the_steadier_rep_is_asked_for_less():
    # A sells 80 or 120, B 95 or 105, lines between. Both reach p with 1.5 - 2 p times half their range above
    # the worst year: A 80 + 40 (1.5 - 2 p), B 95 + 10 (1.5 - 2 p). They add up to 210 where 1.5 - 2 p = .7.
    law = Sample(("A", "B"), np.array([[80.0, 95], [120, 105]]))
    odds = equal_odds(law, 210)
    assert odds.common == pytest.approx(0.4)
    assert odds.quotas == pytest.approx([108, 102])


def test_a_floor_and_a_ceiling_hold_and_the_others_share_the_rest():
    law = law_of([100, 100, 100], [0.3, 0.3, 0.3])
    odds = equal_odds(law, 330, np.array([130.0, 0, 0]), np.array([np.inf, 90, np.inf]))
    assert odds.quotas == pytest.approx([130, 90, 110])
    assert odds.chances[2] == pytest.approx(odds.common)


def test_what_cannot_be_is_said_with_amounts():
    law = law_of([100, 100], [0.3, 0.3])
    with pytest.raises(NoPlanExists, match="ceilings add up to 150, the total is 200"):
        equal_odds(law, 200, upper=np.array([100.0, 50]))
    with pytest.raises(NoPlanExists, match="floors add up to 250, the total is 200"):
        equal_odds(law, 200, lower=np.array([100.0, 150]))
    with pytest.raises(NoPlanExists, match="floor of A \\(90\\) is above the ceiling \\(80\\)"):
        equal_odds(law, 200, np.array([90.0, 0]), np.array([80.0, 500]))
    with pytest.raises(NoPlanExists, match="sales of 30 are the most that is known of"):
        equal_odds(Sample(("A", "B"), np.array([[10.0, 5], [20, 10]])), 31)
    with pytest.raises(NoPlanExists, match="clash"):
        fairest_odds(law, [*all_of(law, 200), Group("A", np.array([True, False]), 300)])


def test_each_region_has_its_own_odds_where_they_nest():
    law = law_of([100, 100, 100, 100], [0.2, 0.2, 0.2, 0.2])
    east = Group("East", np.array([True, True, False, False]), 240)
    odds = fairest_odds(law, [*all_of(law, 420), east])
    assert odds.quotas == pytest.approx([120, 120, 90, 90])
    assert odds.common == pytest.approx(odds.chances[0])


def test_overlapping_groups_settle_their_common_rep_first():
    # A and B are asked for 240, B and C for 160. Alike reps would like 120, 120 and 40; leximin makes the
    # largest quota least: A + B = 240 leaves 120 at best, and then C has 40.
    law = law_of([100, 100, 100], [0.2, 0.2, 0.2])
    one = Group("one", np.array([True, True, False]), 240)
    two = Group("two", np.array([False, True, True]), 160)
    assert fairest_odds(law, [one, two]).quotas == pytest.approx([120, 120, 40])
    # With at least 70 asked of C, B has 90 at most and A takes 150.
    assert fairest_odds(law, [one, two], np.array([0.0, 0, 70])).quotas == pytest.approx([150, 90, 70])


@given(
    st.lists(st.floats(50, 200), min_size=3, max_size=3),
    st.lists(st.floats(0.05, 0.6), min_size=3, max_size=3),
    st.floats(0.6, 1.6),
    st.floats(0.0, 0.2),
)
def test_with_one_group_leximin_is_equal_odds(means, cvs, stretch, noise):
    law, total = law_of(means, cvs, noise), sum(means) * stretch
    equal, fairest = equal_odds(law, total), fairest_odds(law_of(means, cvs, noise), all_of(law, total))
    assert fairest.quotas == pytest.approx(equal.quotas, rel=1e-5)
    assert equal.quotas.sum() == pytest.approx(total)


@given(
    st.lists(st.integers(2, 8), min_size=4, max_size=4),
    st.lists(st.sampled_from([0.1, 0.3, 0.6]), min_size=4, max_size=4),
    st.lists(st.integers(1, 8), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_no_whole_quotas_have_better_odds(means, cvs, hidden, floors):
    """Totals come from hidden quotas, so they can be met; every whole plan that meets them is compared."""
    law = law_of(means, cvs)
    asked = np.maximum(hidden, floors).astype("float64")
    members = [np.array(m, dtype=bool) for m in ([1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 1, 0])]
    groups = [Group(str(k), m, float(asked[m].sum())) for k, m in enumerate(members)]
    best = fairest_odds(law, groups, np.array(floors, dtype="float64"))
    assert [g.members @ best.quotas for g in groups] == pytest.approx([g.total for g in groups], rel=1e-6)
    mine = sorted(best.chances)
    for plan in itertools.product(range(33), repeat=2):
        a, c = plan
        quotas = np.array([a, groups[1].total - a, c, 0.0])
        quotas[3] = groups[0].total - quotas.sum()
        if quotas[1] + c == groups[2].total and (quotas >= floors).all():
            assert first_worse(sorted(law.chance(quotas)), mine)


def first_worse(theirs, mine):
    """Whether the first of the sorted chances that differs is smaller in theirs, or none differs."""
    for a, b in zip(np.log(theirs), np.log(mine), strict=True):
        if abs(a - b) > 1e-3 * max(abs(b), 1e-3):
            return a < b
    return True


def test_the_share_at_quota_is_of_those_with_a_quota():
    law = Sample(("A", "B", "C"), np.array([[10.0, 10, 10], [20, 20, 20]]))
    assert expected_at_quota(law, np.array([15.0, 0, 9])) == pytest.approx((0.5 + 1) / 2)
    assert np.isnan(expected_at_quota(law, np.zeros(3)))
