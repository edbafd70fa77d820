"""Territories of geographic units on a map: one HTML file with an SVG in it that opens offline.

Units are polygons where their outlines are known. Otherwise they are dots, and lines between neighbors of one
territory show where it is. Territories that touch have different colors.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from evenfield.plots import palette
from optimizer.areas import Areas, Division

WIDTH, MARGIN = 1100.0, 24.0
"""Pixels."""

STYLE = (
    f"body{{font-family:{palette.FONT};color:{palette.INK};margin:1.5em}}h1{{font-size:1.2em}}"
    f"svg{{max-width:100%;height:auto;background:#fbfaf7}}"
    f".label{{font-size:12px;paint-order:stroke;stroke:white;stroke-width:3px;text-anchor:middle}}"
)


def write_area_map(
    areas: Areas,
    division: Division,
    *,
    names: Sequence[str],
    title: str,
    outlines: Mapping[str, Sequence[np.ndarray]] | None = None,
) -> str:
    """Draw who belongs where.

    Parameters
    ----------
    names
        What people call each unit; a territory is called after its center.
    title
        Above the map.
    outlines
        Rings by unit, kilometers on the plane of the units.

    Returns
    -------
    The page's HTML.
    """
    rings = outlines or {}
    points = np.column_stack([areas.x_km, areas.y_km])
    every = np.concatenate([points, *(ring for unit in rings.values() for ring in unit)])
    low, high = every.min(axis=0), every.max(axis=0)
    scale = (WIDTH - 2 * MARGIN) / max(float(high[0] - low[0]), float(high[1] - low[1]), 1e-9)
    height = float(high[1] - low[1]) * scale + 2 * MARGIN

    def pixels(at: np.ndarray) -> np.ndarray:
        flat = (at - (low[0], high[1])) * (scale, -scale) + MARGIN
        return np.round(flat, 1)

    colors = _colors(areas, division)
    parts = [*_polygons(areas, division, rings, names, colors, pixels)]
    parts += _meshes(areas, division, rings, colors, pixels)
    parts += _dots(areas, division, rings, names, colors, pixels)
    parts += _labels(division, points, names, pixels)
    width = float(high[0] - low[0]) * scale + 2 * MARGIN
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg></body></html>\n'
    )


def _colors(areas: Areas, division: Division) -> list[str]:
    """Give territories that touch different colors where nine are enough, most neighbors first."""
    a, b = division.owner[areas.edges[:, 0]], division.owner[areas.edges[:, 1]]
    near: list[set[int]] = [set() for _ in range(division.territories)]
    for one, other in zip(a[a != b].tolist(), b[a != b].tolist(), strict=True):
        near[one].add(other)
        near[other].add(one)
    chosen = [-1] * division.territories
    uses = [0] * len(palette.COLORS)
    for t in sorted(range(division.territories), key=lambda t: -len(near[t])):
        taken = {chosen[other] for other in near[t]}
        free = [c for c in range(len(palette.COLORS)) if c not in taken] or list(range(len(palette.COLORS)))
        chosen[t] = min(free, key=lambda c: uses[c])
        uses[chosen[t]] += 1
    return [palette.COLORS[c] for c in chosen]


def _polygons(areas: Areas, division: Division, rings, names, colors, pixels):  # type: ignore[no-untyped-def]
    for i, unit in enumerate(areas.units):
        if unit not in rings:
            continue
        path = "".join(
            "M" + "L".join(f"{x:g},{y:g}" for x, y in pixels(ring).tolist()) + "Z" for ring in rings[unit]
        )
        yield (
            f'<path d="{path}" fill="{colors[division.owner[i]]}" fill-opacity=".75" fill-rule="evenodd" '
            f'stroke="white" stroke-width=".5">{_hover(division, names, i)}</path>'
        )


def _meshes(areas: Areas, division: Division, rings, colors, pixels):  # type: ignore[no-untyped-def]
    at = pixels(np.column_stack([areas.x_km, areas.y_km]))
    for t in range(division.territories):
        inside = [
            (a, b)
            for a, b in areas.edges.tolist()
            if division.owner[a] == division.owner[b] == t
            and not (areas.units[a] in rings and areas.units[b] in rings)
        ]
        if inside:
            path = "".join(f"M{at[a, 0]:g},{at[a, 1]:g}L{at[b, 0]:g},{at[b, 1]:g}" for a, b in inside)
            yield f'<path d="{path}" fill="none" stroke="{colors[t]}" stroke-width="3" stroke-opacity=".55"/>'


def _dots(areas: Areas, division: Division, rings, names, colors, pixels):  # type: ignore[no-untyped-def]
    at = pixels(np.column_stack([areas.x_km, areas.y_km]))
    weight = np.asarray(areas.weight, dtype=float)
    size = 1.5 + 4.5 * np.sqrt(weight / max(weight.max(), 1e-300))
    for i, unit in enumerate(areas.units):
        if unit not in rings:
            yield (
                f'<circle cx="{at[i, 0]:g}" cy="{at[i, 1]:g}" r="{size[i]:.1f}" '
                f'fill="{colors[division.owner[i]]}">{_hover(division, names, i)}</circle>'
            )


def _labels(division: Division, points, names, pixels):  # type: ignore[no-untyped-def]
    for t, center in enumerate(division.center.tolist()):
        x, y = pixels(points[center : center + 1])[0].tolist()
        yield (
            f'<circle cx="{x:g}" cy="{y:g}" r="3.5" fill="white" stroke="{palette.INK}" stroke-width="1.5"/>'
            f'<text class="label" x="{x:g}" y="{y - 7:g}">{t + 1} {escape(names[center])}</text>'
        )


def _hover(division: Division, names: Sequence[str], unit: int) -> str:
    t = int(division.owner[unit])
    return (
        f"<title>{escape(names[unit])}: territory {t + 1}, {escape(names[int(division.center[t])])}</title>"
    )
