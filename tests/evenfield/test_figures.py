from evenfield.comparison import BETTER
from evenfield.figures import FIGURES, figure, in_order
from evenfield.scheme_study import BETTER as OF_SCHEMES


def test_every_figure_that_is_compared_has_a_name_for_people():
    assert set(FIGURES) == set(BETTER) | set(OF_SCHEMES) | {"gaming"}


def test_shares_are_percent_and_their_differences_points():
    chance = figure("reached_target")
    assert chance.write(0.64, "USD") == "64%"
    assert chance.write_difference(-0.125, "USD") == "-12.5 points"


def test_money_and_counts_carry_their_unit():
    assert figure("pay").write(4_200_000, "EUR") == "€4.20 million"
    assert figure("pay").write_difference(-4_200_000, "EUR") == "-€4.20 million"
    assert figure("moved").write_difference(331, "EUR") == "+331 customers"
    assert figure("pay").write(float("nan"), "EUR") == "—"


def test_a_figure_nobody_named_still_has_a_name_and_comes_last():
    assert figure("days_lost").label == "Days lost"
    assert in_order({"days_lost", "moved", "bookings"}) == ["bookings", "moved", "days_lost"]


def test_a_small_difference_is_not_written_as_zero():
    assert figure("satisfaction").write_difference(-0.00012, "EUR") == "-0.0001"
    assert figure("visits_kept").write_difference(0.0, "EUR") == "+0.0 points"
    assert figure("travel_hours").write_difference(1234.5, "EUR") == "+1,234 h"
