import numpy as np

from evenfield.plots import draw_bookings, palette


def test_every_year_is_in_a_bar_and_colored_bars_reached_the_target(done):
    figure = draw_bookings(done.outcomes)
    for trace, outcome in zip(figure.data, done.outcomes.values(), strict=True):
        counts = np.array([int(text.split(" of ")[0]) for text in trace.text])
        colored = np.array(trace.marker.color) == palette.AFTER
        assert counts.sum() == outcome.replications
        assert abs(counts[colored].sum() / outcome.replications - outcome.p_target) < 1e-9


def test_each_row_says_its_chance(done):
    texts = [annotation.text for annotation in draw_bookings(done.outcomes).layout.annotations]
    for name, outcome in done.outcomes.items():
        assert any(f"<b>{name}</b>  reaches the target in {outcome.p_target:.0%}" in text for text in texts)
