"""The map of territories: colors that tell neighbors apart, names as they are written."""

import re

import numpy as np

from evenfield.plots.area_map import write_area_map
from optimizer.areas.units import Areas, Division


def test_neighbors_have_different_colors_and_texts_stay_texts() -> None:
    at = np.arange(4.0)
    edges = np.array([(0, 1), (1, 2), (2, 3)])
    areas = Areas(tuple("abcd"), at, at, at + 1, {}, edges)
    division = Division(np.array([0, 0, 1, 1]), np.array([0, 3]), 0.0, 0.0, False, "optimal", 0.0, "")
    page = write_area_map(areas, division, names=["沙市区", "b", "c", "<Smith>"], title="A & B")
    assert "沙市区" in page
    assert "&lt;Smith&gt;" in page
    assert "<Smith>" not in page
    dots = re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="[\d.]+" fill="(#\w+)"', page)
    assert len(dots) == 4
    assert dots[0] == dots[1] != dots[2] == dots[3]
    assert page.count('stroke-width="3"') == 2  # one mesh a territory, none across


def test_outlines_take_the_place_of_dots() -> None:
    areas = Areas(("a", "b"), np.array([0.0, 2.0]), np.zeros(2), np.ones(2), {}, np.array([(0, 1)]))
    division = Division(np.array([0, 0]), np.array([0]), 0.0, 0.0, False, "optimal", 0.0, "")
    ring = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    page = write_area_map(
        areas,
        division,
        names=["a", "b"],
        title="t",
        outlines={"a": [ring], "b": [ring + np.array([2.0, 0.0])]},
    )
    assert page.count("fill-rule") == 2
    assert 'stroke-width="3"' not in page
