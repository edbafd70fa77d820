"""The map of territories: colors that tell neighbors apart, names as they are written."""

import re

import numpy as np

from evenfield.plots import palette
from evenfield.plots.area_map import layers_of, write_area_map
from optimizer.areas.moves import moves
from optimizer.areas.units import Areas, Division


def test_neighbors_have_different_colors_and_texts_stay_texts() -> None:
    at = np.arange(4.0)
    edges = np.array([(0, 1), (1, 2), (2, 3)])
    areas = Areas(tuple("abcd"), at, at, at + 1, {}, edges)
    division = Division(np.array([0, 0, 1, 1]), np.array([0, 3]), 0.0, 0.0, False, "optimal", 0.0, "")
    names = ["沙市区", "b", "c", "<Smith>"]
    page = write_area_map(areas, layers_of(areas, division, names), names=names, title="A & B")
    assert "沙市区" in page
    assert "&lt;Smith&gt;" in page
    assert "<Smith>" not in page
    dots = re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="[\d.]+" fill="(#\w+)"', page)
    assert len(dots) == 4
    assert dots[0] == dots[1] != dots[2] == dots[3]
    assert page.count('stroke-width="3"') == 2  # one mesh a territory, none across


def test_labels_at_the_edge_stay_within_the_map_and_say_their_unit() -> None:
    # Two units far apart, at both edges, and a narrow map: a north-south line.
    names = ["Westernmost Village of All", "最东边的村庄很长的名字"]
    for x, y in (([0.0, 9.0], [0.0, 9.0]), ([0.0, 0.0], [0.0, 9.0])):
        areas = Areas(("a", "b"), np.array(x), np.array(y), np.ones(2), {}, np.array([(0, 1)]))
        division = Division(np.array([0, 1]), np.array([0, 1]), 0.0, 0.0, False, "optimal", 0.0, "")
        page = write_area_map(areas, layers_of(areas, division, names), names=names, title="t")
        (width,) = map(float, re.findall(r'<svg viewBox="0 0 (\d+)', page))
        labels = re.findall(r'class="label" x="([\d.]+)" y="[\d.]+">([^<]+)<', page)
        assert [mark for _, mark in labels] == [f"{t + 1} {name}" for t, name in enumerate(names)]
        for middle, mark in labels:
            half = 12 * len(mark.encode("gb18030")) / 4  # Half a square a letter, a whole one a Chinese one.
            assert half <= float(middle) <= width - half
        for t, name in enumerate(names):
            title = f"<title>{name}: territory {t + 1} {name}</title>"
            assert page.count(title) == 2  # On the dot and on the mark over it.


def test_outlines_take_the_place_of_dots() -> None:
    areas = Areas(("a", "b"), np.array([0.0, 2.0]), np.zeros(2), np.ones(2), {}, np.array([(0, 1)]))
    division = Division(np.array([0, 0]), np.array([0]), 0.0, 0.0, False, "optimal", 0.0, "")
    ring = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    page = write_area_map(
        areas,
        layers_of(areas, division, ["a", "b"]),
        names=["a", "b"],
        title="t",
        outlines={"a": [ring], "b": [ring + np.array([2.0, 0.0])]},
    )
    assert page.count("fill-rule") == 2
    assert 'stroke-width="3"' not in page


def test_both_maps_stand_side_by_side_and_what_moves_has_an_edge() -> None:
    # Today ab | c, and d is nobody's; from now on a | bcd. What goes on keeps its color, b moves.
    at = np.arange(4.0)
    areas = Areas(tuple("abcd"), at, at, np.ones(4), {}, np.array([(0, 1), (1, 2), (2, 3)]))
    division = Division(np.array([0, 1, 1, 1]), np.array([0, 2]), 0.0, 0.0, False, "optimal", 0.0, "")
    today = ("West", "West", "East & Co", "")
    found = moves(today, division.owner, 2, np.ones(4))
    layers = layers_of(areas, division, list("abcd"), today=today, moves=found)
    page = write_area_map(areas, layers, names=list("abcd"), title="t", note="1 of 4 units")
    assert page.count("<svg") == 2
    assert "<h2>Today</h2>" in page
    assert "1 of 4 units" in page
    dots = re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="[\d.]+" fill="(#\w+)"( stroke=)?', page)
    before, after = dots[:4], dots[4:]
    assert (
        [bool(edge) for _, edge in before] == [bool(edge) for _, edge in after] == [False, True, False, False]
    )
    assert before[0][0] == before[1][0] == after[0][0] != after[1][0] == after[2][0] == before[2][0]
    assert before[3][0] == palette.NOBODY
    assert "territory 2 c (was East &amp; Co)" in page
    assert "d: no territory" in page


def test_territories_that_end_and_begin_have_colors_of_their_own() -> None:
    at = np.arange(3.0)
    areas = Areas(tuple("abc"), at, at, np.ones(3), {}, np.array([(0, 1), (1, 2)]))
    one = Division(np.zeros(3, dtype=int), np.array([1]), 0.0, 0.0, False, "optimal", 0.0, "")
    today = ("N", "M", "N")
    before, after = layers_of(
        areas, one, list("abc"), today=today, moves=moves(today, one.owner, 1, np.ones(3))
    )
    assert before.called == ["M", "N"]
    assert before.colors[1] == after.colors[0] != before.colors[0]
    three = Division(np.arange(3), np.arange(3), 0.0, 0.0, False, "optimal", 0.0, "")
    found = moves(("N", "N", "N"), three.owner, 3, np.array([2.0, 1.0, 1.0]))
    _, after = layers_of(areas, three, list("abc"), today=("N", "N", "N"), moves=found)
    assert after.called == ["1 a (was N)", "2 b (new)", "3 c (new)"]


def test_many_territories_side_by_side_have_numbers_and_names_where_one_points() -> None:
    n = 14
    at = np.arange(float(n))
    areas = Areas(tuple(f"u{i}" for i in range(n)), at, at, np.ones(n), {}, np.empty((0, 2), dtype=int))
    division = Division(np.arange(n), np.arange(n), 0.0, 0.0, False, "optimal", 0.0, "")
    today = tuple(f"T{i:02}" for i in range(n))
    layers = layers_of(areas, division, areas.units, today=today, moves=moves(today, division.owner, n, at))
    page = write_area_map(areas, layers, names=areas.units, title="t")
    assert ">14</text>" in page
    assert "u13 (was T13)</text>" not in page
    assert "u13: territory 14 u13 (was T13)</title>" in page
