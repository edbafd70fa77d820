import itertools

import numpy as np
import pandas as pd
import pytest

from evenfield.plots.palette import COLORS, SYMBOLS, looks

# Machado, Oliveira and Fernandes 2009, severity 1: what people without one kind of cone see, in linear RGB.
VISION = {
    "all cones": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def lab(color, vision):
    """Give a color's place in CIELAB, where equal distances look about equally far apart."""
    coded = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(vision) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ seen / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISION)
def test_no_two_colors_look_alike_to_anybody(vision):
    seen = [lab(color, VISION[vision]) for color in COLORS]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 12


def homes(count):
    return pd.DataFrame(
        {"longitude": np.arange(count) % 10 * 1.0, "latitude": np.arange(count) // 10 * 1.0},
        index=[f"r{i}" for i in range(count)],
    )


def test_every_rep_has_a_look_of_its_own():
    given = looks(homes(len(COLORS) * len(SYMBOLS)))
    assert len(set(given.values())) == 72


def test_reps_who_share_a_color_live_far_apart():
    # Nine reps along a line have the nine colors; the tenth lives at the first one's door.
    reps = pd.DataFrame({"longitude": [*range(0, 90, 10), 1.0], "latitude": 0.0}, index=list("abcdefghij"))
    given = looks(reps)
    assert given["j"].color == given["i"].color
    assert given["j"].symbol != given["i"].symbol


def test_nobody_to_draw_is_nobody_drawn():
    assert looks(homes(0)) == {}
