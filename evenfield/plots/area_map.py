"""Territories of geographic units on a map: one HTML file with an SVG in it that opens offline.

Units are polygons where their outlines are known. Otherwise they are dots, and lines between neighbors of one
territory show where it is. Territories that touch have different colors; one of today's and the one it goes
on as have the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from rich.cells import cell_len

from evenfield.plots import palette
from optimizer.areas.moves import Moves
from optimizer.areas.units import Areas, Division

WIDTH, WIDTH_OF_TWO, MARGIN = 1100.0, 680.0, 24.0
"""Pixels: of one map, of each of two."""

MOST_NAMED = 12
"""Territories up to which both maps have names on them; beyond that numbers, and names where one points."""

LETTER = 7.0
"""Pixels of a letter of a label at most; of letters twice as wide, such as Chinese, of half a one."""

STYLE = (
    f"body{{font-family:{palette.FONT};color:{palette.INK};margin:1.5em}}h1{{font-size:1.2em}}"
    f"h2{{font-size:1em}}svg{{max-width:100%;height:auto;background:#fbfaf7}}"
    f".maps{{display:flex;gap:1em}}.maps>div{{flex:1;min-width:0}}"
    f".label{{font-size:12px;pointer-events:none;paint-order:stroke;stroke:white;stroke-width:3px;text-anchor:middle}}"
)


@dataclass(frozen=True, eq=False)
class Layer:
    """One map: who belongs where.

    Parameters
    ----------
    title
        Above the map where there are several.
    owner
        Number of each unit's territory; -1 where it has none.
    label_at
        Unit at which each territory is named.
    called
        What people call each territory.
    marks
        What stands on the map: the same, or less where there is no room.
    colors
        Of each territory, "#rrggbb".
    moved
        Units that are drawn with an edge.
    """

    title: str
    owner: np.ndarray
    label_at: np.ndarray
    called: Sequence[str]
    marks: Sequence[str]
    colors: Sequence[str]
    moved: np.ndarray


def layers_of(
    areas: Areas,
    division: Division,
    names: Sequence[str],
    *,
    today: Sequence[str] | None = None,
    moves: Moves | None = None,
) -> tuple[Layer, ...]:
    """Give the map of a division, and before it that of today's territories where they are known."""
    called = [f"{t + 1} {names[center]}" for t, center in enumerate(division.center.tolist())]
    if today is None or moves is None:
        nobody = np.zeros(len(areas.units), dtype=bool)
        colors = _colors(areas, [division.owner], division.territories)
        return (Layer("", division.owner, division.center, called, called, colors, nobody),)
    old = sorted(set(today) - {""})
    # Territories that go on share a number, and so a color; those that end have numbers of their own.
    number = {name: t for t, name in enumerate(moves.was) if name}
    for name in old:
        number.setdefault(name, division.territories + len(number) - sum(map(bool, moves.was)))
    colors = _colors(
        areas, [division.owner, np.array([number.get(name, -1) for name in today])], max(len(old), 0)
        + division.territories,
    )  # fmt: skip
    before = np.array([old.index(name) if name else -1 for name in today])
    middle = np.array([_middle(areas, np.flatnonzero(before == s)) for s in range(len(old))], dtype=np.int64)
    called = [
        f"{name} (was {was})" if was else f"{name} (new)" for name, was in zip(called, moves.was, strict=True)
    ]
    marks = called if len(called) <= MOST_NAMED else [str(t + 1) for t in range(len(called))]
    return (
        Layer("Today", before, middle, old, old, [colors[number[name]] for name in old], moves.moved),
        Layer("From now on", division.owner, division.center, called, marks, colors, moves.moved),
    )


def write_area_map(
    areas: Areas,
    layers: Sequence[Layer],
    *,
    names: Sequence[str],
    title: str,
    note: str = "",
    outlines: Mapping[str, Sequence[np.ndarray]] | None = None,
) -> str:
    """Draw who belongs where, one map or several side by side.

    Parameters
    ----------
    names
        What people call each unit.
    title, note
        Above the maps.
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
    scale = ((WIDTH if len(layers) == 1 else WIDTH_OF_TWO) - 2 * MARGIN) / max(
        float((high - low).max()), 1e-9
    )
    width, height = (high - low) * scale + 2 * MARGIN
    width = max(width, *(LETTER * cell_len(mark) for layer in layers for mark in layer.marks))
    maps = []
    for layer in layers:
        drawing = _Drawing(areas, layer, rings, names, np.array([low[0], high[1]]), scale, float(width))
        parts = [*drawing.polygons(), *drawing.meshes(), *drawing.dots(), *drawing.labels()]
        heading = f"<h2>{escape(layer.title)}</h2>" if layer.title else ""
        maps.append(
            f'<div>{heading}<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg></div>'
        )
    said = f"<p>{escape(note)}.</p>" if note else ""
    if any(layer.moved.any() for layer in layers):
        said += "<p>Units with a dark edge move.</p>"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{said}"
        f'<div class="maps">{"".join(maps)}</div></body></html>\n'
    )


def _middle(areas: Areas, members: np.ndarray) -> int:
    """Give the unit nearest to the middle of some, by weight."""
    weight = np.asarray(areas.weight, dtype=float)[members] + 1e-12
    at = np.column_stack([areas.x_km, areas.y_km])[members]
    apart = at - weight @ at / weight.sum()
    return int(members[np.hypot(apart[:, 0], apart[:, 1]).argmin()])


def _colors(areas: Areas, owners: Sequence[np.ndarray], territories: int) -> list[str]:
    """Give territories that touch on any map different colors where nine are enough, most neighbors first."""
    near: list[set[int]] = [set() for _ in range(territories)]
    for owner in owners:
        a, b = owner[areas.edges[:, 0]], owner[areas.edges[:, 1]]
        apart = (a != b) & (a >= 0) & (b >= 0)
        for one, other in zip(a[apart].tolist(), b[apart].tolist(), strict=True):
            near[one].add(other)
            near[other].add(one)
    chosen = [-1] * territories
    uses = [0] * len(palette.COLORS)
    for t in sorted(range(territories), key=lambda t: -len(near[t])):
        taken = {chosen[other] for other in near[t]}
        free = [c for c in range(len(palette.COLORS)) if c not in taken] or list(range(len(palette.COLORS)))
        chosen[t] = min(free, key=lambda c: uses[c])
        uses[chosen[t]] += 1
    return [palette.COLORS[c] for c in chosen]


@dataclass(frozen=True, eq=False)
class _Drawing:
    """What is drawn, and where its upper left corner lies on the plane (km); `scale` is pixels a km.

    `width` is the map's, pixels; no label is wider.
    """

    areas: Areas
    layer: Layer
    rings: Mapping[str, Sequence[np.ndarray]]
    names: Sequence[str]
    corner: np.ndarray
    scale: float
    width: float

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
                f'stroke="{palette.INK if self.layer.moved[i] else "white"}" '
                f'stroke-width="{1.2 if self.layer.moved[i] else 0.5}">{self._hover(i)}</path>'
            )

    def meshes(self) -> Iterator[str]:
        """Draw lines between neighbors of one territory, where outlines are not known."""
        at, owner = self._places(), self.layer.owner
        paths: list[list[str]] = [[] for _ in self.layer.called]
        for a, b in self.areas.edges.tolist():
            known = self.areas.units[a] in self.rings and self.areas.units[b] in self.rings
            if owner[a] == owner[b] >= 0 and not known:
                paths[owner[a]].append(f"M{at[a, 0]:g},{at[a, 1]:g}L{at[b, 0]:g},{at[b, 1]:g}")
        for t, path in enumerate(paths):
            if path:
                yield (
                    f'<path d="{"".join(path)}" fill="none" stroke="{self.layer.colors[t]}" stroke-width="3" '
                    'stroke-opacity=".55"/>'
                )

    def dots(self) -> Iterator[str]:
        """Draw units without outlines as dots, larger by weight."""
        at, weight = self._places(), np.asarray(self.areas.weight, dtype=float)
        size = 1.5 + 4.5 * np.sqrt(weight / max(weight.max(), 1e-300))
        for i, unit in enumerate(self.areas.units):
            if unit not in self.rings:
                edge = f' stroke="{palette.INK}" stroke-width="1.2"' if self.layer.moved[i] else ""
                yield (
                    f'<circle cx="{at[i, 0]:g}" cy="{at[i, 1]:g}" r="{size[i]:.1f}" '
                    f'fill="{self._color(i)}"{edge}>{self._hover(i)}</circle>'
                )

    def labels(self) -> Iterator[str]:
        """Mark a unit of each territory with its name, within the map."""
        at = self._places()
        for mark, center in zip(self.layer.marks, self.layer.label_at.tolist(), strict=True):
            x, y = at[center].tolist()
            half = LETTER * cell_len(mark) / 2
            middle = min(max(x, half), self.width - half)
            yield (
                f'<circle cx="{x:g}" cy="{y:g}" r="3.5" fill="white" stroke="{palette.INK}" '
                f'stroke-width="1.5">{self._hover(center)}</circle>'
                f'<text class="label" x="{middle:g}" y="{y - 7:g}">{escape(mark)}</text>'
            )

    def _places(self) -> np.ndarray:
        return self._pixels(np.column_stack([self.areas.x_km, self.areas.y_km]))

    def _pixels(self, at: np.ndarray) -> np.ndarray:
        return np.round((at - self.corner) * (self.scale, -self.scale) + MARGIN, 1)

    def _color(self, unit: int) -> str:
        t = int(self.layer.owner[unit])
        return palette.NOBODY if t < 0 else self.layer.colors[t]

    def _hover(self, unit: int) -> str:
        t = int(self.layer.owner[unit])
        called = "no territory" if t < 0 else f"territory {self.layer.called[t]}"
        return f"<title>{escape(self.names[unit])}: {escape(called)}</title>"
