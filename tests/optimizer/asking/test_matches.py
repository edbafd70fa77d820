"""What somebody may have meant."""

import pandas as pd

from optimizer.asking.matches import near, unknown

REPS = pd.DataFrame({"name": ["Ann", "李伟", ""]}, index=["r-1", "r-2", "west-denver"])


def test_a_name_leads_to_its_key():
    assert "did you mean r-1?" in unknown("rep", "ann", REPS).remedy
    assert "did you mean r-2?" in unknown("rep", "李伟", REPS).remedy


def test_a_slip_of_the_pen_leads_to_the_nearest_key():
    assert "did you mean west-denver?" in unknown("rep", "West-Denvr", REPS).remedy


def test_what_is_like_nothing_is_told_where_to_look():
    assert "name one of the 3 keys of reps" in unknown("rep", "zzz", REPS).remedy


def test_the_best_match_comes_first():
    assert near("limit one", ["limits", "limit on", "hours"])[0] == "limit on"
