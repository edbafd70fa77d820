"""Figures of an outcome, on two years of two reps that were made up."""

import dataclasses

import numpy as np
import pytest
from made_up_years import held_against, measures_of, outcome_of

from scenarios.budget import Grades
from simulation import NoRowsKept

QUOTA = {"ann": 40.0, "bob": 50.0}
# A quarter, Ann sells 30 and 50 on a quota of 40, Bob 20 and 60 on 50, the house 0 and 2.5.
BOOKINGS = [[[30] * 4, [20] * 4], [[50] * 4, [60] * 4]]
REST = {
    "house_bookings": [[0.0] * 4, [2.5] * 4],
    "visits_due": [[10.0, 20.0], [10.0, 20.0]],
    "visits_made": [[10.0, 14.0], [10.0, 20.0]],
    "unserved_visits": [10.0, 0.0],
    "satisfaction": [0.7, 0.9],
}


def held(**others):
    return held_against(QUOTA, 400.0, teams=[("west", ["ann"]), ("east", ["bob"])], **others)


@pytest.fixture
def outcome():
    return outcome_of(measures_of(BOOKINGS, **REST), held(), rows=True)


def test_the_company_is_all_reps_and_the_house(outcome):
    assert outcome.company.tolist() == [200, 450]
    assert outcome.p_target == 0.5


def test_its_years_are_a_law_of_what_reps_sell(outcome):
    # Ann sells 120 or 200, Bob 80 or 240, the house 0 or 10; a sum of 325 lies halfway from 200 to 450
    assert outcome.law.mean.tolist() == [160, 160]
    assert outcome.law.chance(np.array([160.0, 240.0])).tolist() == [0.5, 0.25]
    assert outcome.law.company.mean.tolist() == [325]
    assert outcome.law.chance_of_total(325.0) == 0.5


def test_without_rows_there_is_no_law_and_it_says_what_to_do():
    streamed = outcome_of(measures_of(BOOKINGS), held())
    with pytest.raises(NoRowsKept, match="rows=True"):
        _ = streamed.law


def test_figures_a_row_a_year(outcome):
    figures = outcome.figures()
    assert figures["bookings"].tolist() == [200, 450]
    assert figures["collected"].tolist() == [100, 220]
    assert figures["reached_target"].tolist() == [0, 1]
    assert figures["attainment"].tolist() == [0.5, 1.125]
    assert figures["share_at_quota"].tolist() == [0, 1]
    assert figures["pay"].tolist() == outcome.rows.pay.sum(axis=1).tolist()
    assert figures["cost_of_sales"].tolist() == (figures["pay"] / [200, 450]).tolist()
    assert figures["satisfaction"].tolist() == [0.7, 0.9]
    assert figures["visits_kept"].tolist() == [0.6, 1]
    # attainments .75 and .4, then 1.25 and 1.2
    assert figures["spread"].tolist() == pytest.approx([0.8 * 0.35, 0.8 * 0.05])


def test_the_summary_says_it_in_brief(outcome):
    summary = outcome.summary()
    assert summary["p_target"] == 0.5
    in_between = {"mean": 0.8125, "p10": 0.5625, "p50": 0.8125, "p90": 1.0625}
    assert summary["attainment"] == pytest.approx(in_between)
    assert summary["share_at_quota"] == 0.5
    assert summary["collected"] == 160
    assert (summary["replications"], summary["seed"], summary["stopped"]) == (2, 1, "years done")
    assert summary["intervals"]["bookings"]["mean"] == 325
    assert len(summary["digest"]) == 64


def test_units_are_reps_then_teams_then_the_company(outcome):
    units = outcome.units().set_index("name")
    assert units["level"].tolist() == ["rep", "rep", "team", "team", "company"]
    assert units["quota"].tolist() == [160, 200, 160, 200, 400]
    assert units["bookings"].tolist() == [160, 160, 160, 160, 325]  # the company has the house's 5 as well
    assert units["collected"].tolist() == [80, 80, 80, 80, 160]
    assert units["at_quota"].tolist() == [0.5, 0.5, 0.5, 0.5, 0.5]
    assert units["attainment_p50"].tolist() == pytest.approx([1.0, 0.8, 1.0, 0.8, 0.8125], abs=1e-3)
    # of sales: .75 and 1.25; .4 and 1.2; .5 and 1.125. From 90 % on it passes, from 105 % on it is excellent.
    for grade, share in {"fail": 0.5, "pass": 0.0, "excellent": 0.5}.items():
        assert units[f"sales_{grade}"].tolist() == [share] * 5


def test_cost_is_pay_travel_seats_and_shares_and_is_graded_against_the_budget():
    # Ann's pay in all four quarters: base 20 (no incentive), 5 hours on the road at 0.8, 3 for a seat, 10 %
    # of 120 booked: 20 + 4 + 3 + 12 = 39. Bob, whose hours cost nothing: 20 + 0 + 3 + 8 = 31. The company: 5
    # more.
    rates = {"travel_rates": np.array([0.8, 0.0]), "per_rep": 3.0, "share_of_sales": 0.1, "fixed": 5.0}
    budget = np.array([39.0, 32.5, 39.0, 100.0, 75.0])
    found = outcome_of(
        measures_of(BOOKINGS[:1], road_hours=[[5.0, 7.0]]),
        held(incentive=0.0, budget=budget, **rates),
    )
    units = found.units()
    assert units["cost"].tolist() == pytest.approx([39, 31, 39, 31, 75])
    assert found.years["cost"].tolist() == pytest.approx([75])
    # 31 is 4.6 % below 32.5, which passes (5 %) and is not excellent (2 %); 31 of 100 fails
    assert units["cost_excellent"].tolist() == [1, 0, 1, 0, 1]
    assert units["cost_pass"].tolist() == [0, 1, 0, 0, 0]
    assert units["cost_fail"].tolist() == [0, 0, 0, 1, 0]


def test_which_quarter_misses_and_by_how_much(outcome):
    quarters = outcome.by_quarter().set_index(["name", "quarter"])
    company = quarters.loc["company"]
    # asked for 100 a quarter: 50 in the first year, 112.5 in the second
    assert company["quota"].tolist() == [100] * 4
    assert company["missed"].tolist() == [0.5] * 4
    assert company["short"].tolist() == [25] * 4
    assert quarters.loc["ann"]["attainment_p90"].tolist() == pytest.approx([0.75 + 0.9 * 0.5] * 4, abs=2e-3)


def test_which_team_misses_when_the_company_does():
    # Three years, target 400. Year 1: west 120 of 160, east 240 of 200: 360, missed. Year 2: 200 and 80: 280,
    # missed. Year 3: 200 and 240: reached.
    years = [[[30] * 4, [60] * 4], [[50] * 4, [20] * 4], [[50] * 4, [60] * 4]]
    found = outcome_of(measures_of(years), held())
    teams = found.teams()
    assert teams["missed"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert teams["missed_with_target"].tolist() == [0.5, 0.5]
    assert teams["short"].tolist() == pytest.approx([40 / 3, 120 / 3])
    assert teams["share_of_short"].tolist() == pytest.approx([0.25, 0.75])


def test_the_tail_is_the_mean_of_the_worst_years():
    # Ten years of one rep: 4, 8 ... 40 a year; target 32
    years = [[[k] * 4] for k in range(1, 11)]
    tail = outcome_of(measures_of(years), held_against({"ann": 8.0}, 32.0)).tail(0.2)
    assert tail["bookings"] == (4 + 8) / 2
    assert tail["short"] == (28 + 24) / 2
    assert tail["expected_short"] == (28 + 24 + 20 + 16 + 12 + 8 + 4) / 10
    assert tail["short_when_missed"] == 16


def test_a_rep_without_quota_has_no_attainment_and_does_not_count():
    alone = outcome_of(measures_of(BOOKINGS), held_against({"ann": 40.0, "bob": 0.0}, 400.0))
    assert np.isnan(alone.attainment.quantile(0.5)[1, -1])
    assert alone.figures()["share_at_quota"].tolist() == [0, 1]
    assert alone.figures()["spread"].tolist() == [0, 0]
    assert alone.units()["at_quota"].isna().tolist() == [False, True, False]


def test_without_quota_or_bookings_or_visits_figures_are_not_numbers():
    nobody = held_against({"ann": 0.0, "bob": 0.0}, 400.0)
    nothing = outcome_of(measures_of(np.zeros((2, 2, 4))), nobody).figures()
    for figure in ("share_at_quota", "spread", "cost_of_sales", "visits_kept"):
        assert nothing[figure].isna().all()


def test_the_digest_knows_everything_that_matters(outcome):
    same = outcome_of(measures_of(BOOKINGS, **REST), held())
    assert same.digest == outcome.digest  # rows say nothing more
    later = dataclasses.replace(outcome, seconds=99.0, notes=("taken from disk",))
    assert later.digest == outcome.digest
    others = [
        outcome_of(measures_of(BOOKINGS, **REST), held(), seed=2),
        outcome_of(measures_of(BOOKINGS, **REST), held(), digest="abd"),
        outcome_of(measures_of(BOOKINGS, **REST), held(incentive=10.01)),
        outcome_of(measures_of(BOOKINGS, **{**REST, "hours_worked": [[0, 0], [0, 1]]}), held()),
        outcome_of(measures_of(BOOKINGS, **REST), held_against(QUOTA, 401.0)),
    ]
    assert len({outcome.digest, *(other.digest for other in others)}) == 6


def test_measures_of_the_company_are_not_taken_for_those_of_as_many_reps():
    # Four reps and four quarters: what the house books by quarter is nobody's
    four = held_against(dict.fromkeys("abcd", 1.0), 16.0)
    found = outcome_of(measures_of(np.ones((2, 4, 4)), house_bookings=np.full((2, 4), 2.0)), four)
    assert found.moments["house_bookings"].mean.tolist() == [2, 2, 2, 2]
    assert found.moments["hours_worked"].mean.tolist() == [0] * 5  # the reps and the company
    assert found.years["house_bookings"].tolist() == [8, 8]
    assert found.years["bookings"].tolist() == [16 + 8] * 2


def test_satisfaction_and_growth_of_reps_teams_and_quarters_are_graded():
    # Ann's customers (300) are .95 and .85 content at the year's end, Bob's (100) .75 and .55: of the company
    # .9 (excellent) and .775 (fail). West sold 100 the year before and 120 and 200 now, East 80, now 80 and
    # 240, all 150 with the house's 0 and 10.
    served = [[[300.0] * 4, [100.0] * 4]] * 2
    level = np.array([[[0.95] * 4, [0.75] * 4], [[0.5, 0.5, 0.5, 0.85], [0.55] * 4]])
    before = np.array([[25.0] * 4, [20.0] * 4, [25.0] * 4, [20.0] * 4, [37.5] * 4])
    measures = measures_of(BOOKINGS, **REST, content=level * served, served=served)
    units = outcome_of(measures, held(before=before)).units().set_index("name")
    assert units["satisfaction"].to_dict() == pytest.approx(
        {"ann": 0.9, "bob": 0.65, "west": 0.9, "east": 0.65, "company": 0.8375}
    )
    assert units["satisfaction_excellent"].tolist() == [0.5, 0, 0.5, 0, 0.5]
    assert units["satisfaction_pass"].tolist() == [0.5, 0, 0.5, 0, 0]
    assert units["satisfaction_fail"].tolist() == [0, 1, 0, 1, 0.5]
    assert units["improvement"].to_dict() == pytest.approx(
        {"ann": 0.6, "bob": 1.0, "west": 0.6, "east": 1.0, "company": (200 / 150 + 450 / 150) / 2 - 1}
    )
    assert units["improvement_pass"].iloc[2:].tolist() == [1, 0.5, 1]
    assert units["improvement_excellent"].iloc[2:].tolist() == [0, 0, 0]
    assert units["improvement_pass"].iloc[:2].isna().all()  # customers of single reps change
    quarters = outcome_of(measures, held(before=before)).by_quarter().set_index(["name", "quarter"])
    assert quarters.loc[("ann", "Q1"), "satisfaction"] == pytest.approx((0.95 + 0.5) / 2)
    assert quarters.loc[("east", "Q1"), "improvement"] == pytest.approx((20 / 20 + 60 / 20) / 2 - 1)


def test_what_is_excellent_may_be_said_of_growth_too():
    before = np.array([[25.0] * 4, [20.0] * 4, [25.0] * 4, [20.0] * 4, [37.5] * 4])
    grades = Grades(excellent_improvement=0.5)
    units = outcome_of(measures_of(BOOKINGS, **REST), held(before=before, grades=grades)).units()
    assert units["improvement_excellent"].iloc[2:].tolist() == [0.5, 0.5, 0.5]
    assert units["improvement_fail"].iloc[2:].tolist() == [0, 0.5, 0]


def test_without_orders_of_the_year_before_nothing_is_said_of_growth(outcome):
    assert outcome.units()["improvement"].isna().all()
    assert outcome.units()[["improvement_fail", "improvement_pass"]].isna().all().all()
