import pandas as pd

from evenfield.plots import draw_candidates, palette
from evenfield.scheme_search import Search


def test_the_best_is_a_star_and_what_costs_too_much_is_orange():
    table = pd.DataFrame(
        {
            "commission.cap": [1.2, 1.5, None],
            "years": [32, 64, 32],
            "pay": [1e6, 1.1e6, 1.3e6],
            "bookings": [9e6, 10e6, 9.9e6],
            "margin_after_pay": [1e6, 1.2e6, 0.9e6],
            "within": ["yes", "unsure", "no"],
            "on_frontier": [True, True, False],
            "best": [False, True, False],
        }
    )
    dots = draw_candidates(Search(table, (), None, 1)).data[0]
    assert list(dots.marker.symbol) == ["circle", "star", "circle-open"]
    assert [color == palette.VERDICTS["worse"] for color in dots.marker.color] == [False, False, True]
    assert list(dots.text) == ["1", "2", ""]
    assert "commission.cap = none" in dots.hovertext[2]
    assert "commission.cap = 1.5" in dots.hovertext[1]
    assert "$10.0 million" in dots.hovertext[1]
