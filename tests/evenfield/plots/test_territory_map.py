import json

import pytest

from evenfield.plots import draw_territory_map, palette
from evenfield.plots.style import literally


def dots(figure):
    """Give the traces of customers: those whose hover text has a potential."""
    return [trace for trace in figure.data if trace.text and "potential" in str(trace.text[0])]


@pytest.fixture(scope="module")
def drawn(done):
    scenario, plan = done.scenarios["plan"], done.plans["plan"]
    return draw_territory_map(scenario, plan.owner, was=scenario.customers["owner"])


def test_every_customer_is_a_dot_of_its_rep(drawn, done):
    owner = done.plans["plan"].owner
    for rep in ("west", "east"):
        of_rep = [trace for trace in dots(drawn) if trace.legendgroup == rep]
        assert sum(len(trace.x) for trace in of_rep) == (owner == rep).sum()
        assert {trace.marker.color for trace in of_rep} == {
            palette.looks(done.scenarios["plan"].reps)[rep].color
        }


def test_area_is_potential(drawn):
    # The harbors have three times the potential of the bakeries: the square of the diameters' ratio.
    sizes = sorted(size for trace in dots(drawn) for size in trace.marker.size)
    assert (sizes[-1] / sizes[0]) ** 2 == pytest.approx(3, rel=0.03)


def test_customers_who_move_have_a_dark_ring_and_say_whose_they_were(drawn):
    moved = [trace for trace in dots(drawn) if trace.marker.line.color == palette.INK]
    assert sum(len(trace.x) for trace in moved) == 3
    assert all("was: " in text for trace in moved for text in trace.text)


def test_customers_of_one_place_lie_beside_each_other(drawn):
    places = [(x, y) for trace in dots(drawn) for x, y in zip(trace.x, trace.y, strict=True)]
    assert len(set(places)) == 6


def test_names_are_texts_and_never_tags(drawn, hostile):
    texts = "".join(text for trace in dots(drawn) for text in trace.text)
    assert "海尔集团" in texts
    assert "&lt;script&gt;" in texts
    assert "<script" not in texts
    shown = {annotation.text for annotation in drawn.layout.annotations}
    assert shown == {literally(name) for name in hostile.reps["name"]}


def test_it_needs_no_map_server(drawn):
    assert {trace.type for trace in drawn.data} == {"scatter"}
    assert "http" not in json.dumps([t.to_plotly_json() for t in drawn.data if not t.text], default=str)


def test_a_customer_nobody_serves_is_drawn_gray(two_towns):
    owner = two_towns.customers["owner"].mask(two_towns.customers.index == "W1", "")
    figure = draw_territory_map(two_towns, owner)
    (nobody,) = [trace for trace in dots(figure) if trace.legendgroup == "nobody"]
    assert len(nobody.x) == 1
    assert nobody.marker.color == palette.NOBODY


def test_two_continents_are_two_panels(two_towns):
    east = two_towns.customers["region"] == "East"
    abroad = two_towns.customers.assign(longitude=two_towns.customers["longitude"].mask(east, 120.0))
    figure = draw_territory_map(two_towns.replace(customers=abroad), two_towns.customers["owner"])
    assert {trace.xaxis for trace in dots(figure)} == {"x", "x2"}
