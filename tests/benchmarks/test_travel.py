"""The judge of the travel estimate, on a small company."""

import pytest

from benchmarks.travel import company, judged


def test_the_judge_drives_and_the_estimate_is_near():
    scenario, nearest = company(60, 2, 1.0, seed=5)
    for rep in scenario.reps.index:
        book = judged("small", scenario, nearest, str(rep))
        assert book.visits > 0
        assert book.estimates["estimate"] == pytest.approx(book.driven, rel=0.35)
        assert book.estimates["home"] > book.driven  # trips are shared
