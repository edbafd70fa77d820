"""Today's book: dealt once, then only added to."""

import pandas as pd

from scenarios.importing.book import dealt_by_nearest_home, joined_to_nearest_customer


def on_a_road(**places):
    """Put places of one region at degrees of longitude along the equator."""
    return pd.DataFrame(
        {"region": "R", "latitude": 0.0, "longitude": list(places.values())}, index=list(places)
    )


REPS = on_a_road(left=0.0, right=10.0)


def test_everybody_goes_to_the_nearest_home_where_that_is_even():
    customers = on_a_road(a=1.0, b=2.0, c=8.0, d=9.0)
    owner = dealt_by_nearest_home(customers, REPS, pd.Series(100.0, index=customers.index))
    assert owner.to_dict() == {"a": "left", "b": "left", "c": "right", "d": "right"}


def test_the_border_moves_until_sales_are_even():
    # All four live nearer to the left one; two of them go to the right one, those nearest to it.
    customers = on_a_road(a=1.0, b=2.0, c=3.0, d=4.0)
    owner = dealt_by_nearest_home(customers, REPS, pd.Series(100.0, index=customers.index))
    assert owner.to_dict() == {"a": "left", "b": "left", "c": "right", "d": "right"}


def test_only_reps_of_the_region_take_part():
    reps = pd.concat([REPS, on_a_road(stranger=1.0).assign(region="S")])
    owner = dealt_by_nearest_home(on_a_road(a=1.0, b=9.0), reps, pd.Series({"a": 1.0, "b": 1.0}))
    assert owner.to_dict() == {"a": "left", "b": "right"}


def test_later_customers_join_their_neighbors_one_after_the_other():
    customers = on_a_road(a=1.0, b=9.0, first=4.0, second=6.0)
    arrivals = pd.Series({"second": pd.Timestamp(2015, 5, 1), "first": pd.Timestamp(2015, 1, 1)})
    # `first` joins a (3 degrees away, b is 5); then `second` lies 2 degrees from `first` and 3 from b.
    owner = joined_to_nearest_customer(customers, pd.Series({"a": "left", "b": "right"}), arrivals)
    assert owner.to_dict() == {"a": "left", "b": "right", "first": "left", "second": "left"}
