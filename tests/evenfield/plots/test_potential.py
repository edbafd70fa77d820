from evenfield.plots import draw_potential
from optimizer import loads


def test_dots_are_the_potential_and_the_tick_is_a_fair_share(done):
    plan = loads(done.scenarios["plan"], done.plans["plan"].owner)
    figure = draw_potential(plan, currency="EUR")
    found = {trace.name: list(trace.x) for trace in figure.data if trace.name}
    # 1.2 million in two towns, and either rep could serve either town
    assert found["fair share"] == [600_000, 600_000]
    assert found["plan"] == plan["potential"].to_list()
    assert "€" in figure.layout.xaxis.title.text
