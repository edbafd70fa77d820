"""Territories of geographic units on a map: one HTML file with an SVG in it that opens offline.

Units are polygons where their outlines are known. Otherwise they are dots, and lines between neighbors of one
territory show where it is. Territories that touch have different colors.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from evenfield.plots import palette
from optimizer.areas.units import Areas, Division

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
    scale = (WIDTH - 2 * MARGIN) / max(float((high - low).max()), 1e-9)
    width, height = (high - low) * scale + 2 * MARGIN
    drawing = _Drawing(
        areas, division, rings, names, _colors(areas, division), np.array([low[0], high[1]]), scale
    )
    parts = [*drawing.polygons(), *drawing.meshes(), *drawing.dots(), *drawing.labels()]
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


@dataclass(frozen=True, eq=False)
class _Drawing:
    """What is drawn, and where its upper left corner lies on the plane (km); `scale` is pixels a km."""

    areas: Areas
    division: Division
    rings: Mapping[str, Sequence[np.ndarray]]
    names: Sequence[str]
    colors: Sequence[str]
    corner: np.ndarray
    scale: float

    def polygons(self) -> Iterator[str]:
        """Draw the units whose outlines are known."""
        for i, unit in enumerate(self.areas.units):
            if unit not in self.rings:
                continue
            path = "".join(
                "M" + "L".join(f"{x:g},{y:g}" for x, y in self._pixels(ring).tolist()) + "Z"
                for ring in self.rings[unit]
            )
            yield (
                f'<path d="{path}" fill="{self._color(i)}" fill-opacity=".75" fill-rule="evenodd" '
                f'stroke="white" stroke-width=".5">{self._hover(i)}</path>'
            )

    def meshes(self) -> Iterator[str]:
        """Draw lines between neighbors of one territory, where outlines are not known."""
        at, owner = self._places(), self.division.owner
        paths: list[list[str]] = [[] for _ in range(self.division.territories)]
        for a, b in self.areas.edges.tolist():
            known = self.areas.units[a] in self.rings and self.areas.units[b] in self.rings
            if owner[a] == owner[b] and not known:
                paths[owner[a]].append(f"M{at[a, 0]:g},{at[a, 1]:g}L{at[b, 0]:g},{at[b, 1]:g}")
        for t, path in enumerate(paths):
            if path:
                yield (
                    f'<path d="{"".join(path)}" fill="none" stroke="{self.colors[t]}" stroke-width="3" '
                    'stroke-opacity=".55"/>'
                )

    def dots(self) -> Iterator[str]:
        """Draw units without outlines as dots, larger by weight."""
        at, weight = self._places(), np.asarray(self.areas.weight, dtype=float)
        size = 1.5 + 4.5 * np.sqrt(weight / max(weight.max(), 1e-300))
        for i, unit in enumerate(self.areas.units):
            if unit not in self.rings:
                yield (
                    f'<circle cx="{at[i, 0]:g}" cy="{at[i, 1]:g}" r="{size[i]:.1f}" '
                    f'fill="{self._color(i)}">{self._hover(i)}</circle>'
                )

    def labels(self) -> Iterator[str]:
        """Mark centers with the number and name of their territory."""
        at = self._places()
        for t, center in enumerate(self.division.center.tolist()):
            x, y = at[center].tolist()
            yield (
                f'<circle cx="{x:g}" cy="{y:g}" r="3.5" fill="white" stroke="{palette.INK}" '
                f'stroke-width="1.5"/><text class="label" x="{x:g}" y="{y - 7:g}">'
                f"{t + 1} {escape(self.names[center])}</text>"
            )

    def _places(self) -> np.ndarray:
        return self._pixels(np.column_stack([self.areas.x_km, self.areas.y_km]))

    def _pixels(self, at: np.ndarray) -> np.ndarray:
        return np.round((at - self.corner) * (self.scale, -self.scale) + MARGIN, 1)

    def _color(self, unit: int) -> str:
        return self.colors[int(self.division.owner[unit])]

    def _hover(self, unit: int) -> str:
        t = int(self.division.owner[unit])
        center = self.names[int(self.division.center[t])]
        return f"<title>{escape(self.names[unit])}: territory {t + 1}, {escape(center)}</title>"
