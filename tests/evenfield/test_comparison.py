"""Verdicts on pairs, by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from evenfield.comparison import BETTER, SAME, UNDECIDED, NotPaired, compare, compare_plans
from optimizer import optimize, todays_book
from scenarios.building import build


def outcome(seed=1, controls=None, **figures):
    """Stand in for an outcome: what a comparison needs of it."""
    table = pd.DataFrame(figures)
    known = None if controls is None else np.zeros(controls.shape[1])
    return SimpleNamespace(
        seed=seed, replications=len(table), figures=lambda: table, controls=controls, known=known
    )


def row(outcomes, figure):
    rows = compare(outcomes, "today").set_index("figure")
    return rows.loc[figure]


def test_difference_and_standard_error_are_of_the_pairs():
    # differences 1, 2, 3, 2: mean 2, standard deviation sqrt(2 / 3), error that / 2
    sides = {"today": outcome(bookings=[10.0, 50, 90, 20]), "plan": outcome(bookings=[11.0, 52, 93, 22])}
    found = row(sides, "bookings")
    assert found["difference"] == pytest.approx(2.0)
    assert found["standard_error"] == pytest.approx(np.sqrt(2 / 3) / 2)
    assert (found["reference"], found["other"]) == (42.5, 44.5)
    # t at 99 %, 3 degrees of freedom = 5.84; 5.84 x .408 = 2.38 > 2
    assert found["verdict"] == UNDECIDED


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [("bookings", "better"), ("pay", "worse"), ("cost_of_sales", "worse"), ("spread", "worse")],
)
def test_whether_more_is_better_depends_on_the_figure(figure, verdict):
    chance = np.random.default_rng(1)
    base = chance.normal(100, 30, 50)
    more = base + 2 + chance.normal(0, 1, 50)
    assert (
        row({"today": outcome(**{figure: base}), "plan": outcome(**{figure: more})}, figure)["verdict"]
        == verdict
    )


def test_what_is_equal_in_every_year_is_the_same_and_what_is_so_on_average_only_is_undecided():
    same = outcome(bookings=[1.0, 2.0, 3.0])
    assert row({"today": same, "plan": same}, "bookings")["verdict"] == SAME
    swapped = outcome(bookings=[2.0, 1.0, 3.0])
    found = row({"today": same, "plan": swapped}, "bookings")
    assert (found["difference"], found["verdict"]) == (0.0, UNDECIDED)


def test_what_is_not_a_number_is_no_verdict():
    nothing = outcome(share_at_quota=[np.nan, np.nan])
    found = row({"today": nothing, "plan": outcome(share_at_quota=[0.5, 0.5])}, "share_at_quota")
    assert found["verdict"] == UNDECIDED


def test_other_luck_is_refused():
    with pytest.raises(NotPaired, match="'plan' and 'today'"):
        compare({"today": outcome(bookings=[1.0]), "plan": outcome(seed=2, bookings=[1.0])}, "today")
    with pytest.raises(NotPaired):
        compare({"today": outcome(bookings=[1.0]), "plan": outcome(bookings=[1.0, 2.0])}, "today")


def test_an_unknown_reference_is_named():
    with pytest.raises(NotPaired, match="no outcome 'nobody' to compare with; there are today"):
        compare({"today": outcome(bookings=[1.0])}, "nobody")


def test_false_verdicts_are_rare():
    """Of 400 comparisons without a true difference about 4 get a verdict at 99 %."""
    chance = np.random.default_rng(2)
    verdicts = [
        row(
            {
                "today": outcome(bookings=chance.normal(size=30)),
                "plan": outcome(bookings=chance.normal(size=30)),
            },
            "bookings",
        )
        for _ in range(400)
    ]
    wrong = sum(v["verdict"] != UNDECIDED for v in verdicts)
    assert wrong <= 12  # Poisson with mean 4 exceeds 12 once in 3,000


def surprised(chance, years, truth):
    """Two plans that differ by `truth`, and each by its own surprises, which explain most of the rest."""
    luck, ours, theirs = chance.normal(size=(3, years, 2))
    base = 50 + 10 * luck[:, 0] + 4 * theirs[:, 0]
    other = 50 + truth + 10 * luck[:, 0] + 4 * ours[:, 0] + luck[:, 1]
    return {
        "today": outcome(bookings=base, controls=theirs),
        "plan": outcome(bookings=other, controls=ours),
    }


def test_known_luck_makes_differences_clearer():
    sides = surprised(np.random.default_rng(11), 60, 0.7)
    plain = {name: outcome(bookings=side.figures()["bookings"]) for name, side in sides.items()}
    assert row(plain, "bookings")["verdict"] == UNDECIDED
    found = row(sides, "bookings")
    assert found["verdict"] == "better"
    # What surprises leave has deviation 1: the error is that over the root of 60, a sixth of the plain one
    assert found["standard_error"] == pytest.approx(1 / np.sqrt(60), rel=0.3)
    assert row(plain, "bookings")["standard_error"] > 4 * found["standard_error"]
    assert (found["reference"], found["other"]) == tuple(
        row(plain, "bookings")[["reference", "other"]]
    )  # means stay as they were


def test_corrected_differences_are_true_and_false_verdicts_as_rare():
    """The 95 % interval holds in 95 %, and of 800 comparisons without a true difference 8 get a verdict."""
    chance = np.random.default_rng(6)
    found = [row(surprised(chance, 40, 0.0), "bookings") for _ in range(800)]
    assert sum(one["verdict"] != UNDECIDED for one in found) <= 20  # Poisson with mean 8: once in 10,000
    reach = 2.0227  # Student's t at 95 %, 39 degrees of freedom
    held = np.mean([abs(one["difference"]) <= reach * one["standard_error"] for one in found])
    assert held == pytest.approx(0.95, abs=2 * np.sqrt(0.95 * 0.05 / 800))


def test_yes_or_no_is_not_corrected():
    chance = np.random.default_rng(7)
    reached = {name: (chance.random(60) < 0.5).astype(float) for name in ("today", "plan")}
    with_controls = {
        n: outcome(reached_target=r, controls=chance.normal(size=(60, 2))) for n, r in reached.items()
    }
    plain = {n: outcome(reached_target=r) for n, r in reached.items()}
    assert row(with_controls, "reached_target").equals(row(plain, "reached_target"))


def test_yes_or_no_needs_enough_pairs_that_differ():
    # 7 years reach the target with the plan only: the sign test's p is 2 / 2^7 = 1.6 %; with 8 it is .8 %.
    for reached, verdict in ((2, UNDECIDED), (7, UNDECIDED), (8, "better")):
        sides = {
            "today": outcome(reached_target=[0.0] * 8),
            "plan": outcome(reached_target=[1.0] * reached + [0.0] * (8 - reached)),
        }
        assert row(sides, "reached_target")["verdict"] == verdict


def test_plans_are_compared_without_luck(towns):
    scenario = build(towns)
    rows = compare_plans(
        {"today": (scenario, todays_book(scenario)), "plan": (scenario, optimize(scenario))}, "today"
    ).set_index("figure")
    assert rows.loc["moved", ["reference", "other", "verdict"]].tolist() == [0, 3, "worse"]
    assert rows.loc["travel_hours", "other"] == 0
    assert rows.loc["travel_hours", "verdict"] == "better"
    assert set(rows.index) <= set(BETTER)
