"""What `evenfield areas` answers: the table of territories, what moves, files, and the same for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evenfield.answering import write_json
from evenfield.area_tables import Read
from evenfield.plots.area_map import layers_of, write_area_map
from evenfield.terminal import answers, say, show_table
from optimizer.areas.moves import Moves
from optimizer.areas.rules import objective
from optimizer.areas.shape import shapes
from optimizer.areas.units import Areas, Compactness, Division

WHAT_SHAPES_MEAN = (
    "round: home in the middle; a place is on average .376 x the square root of the area away.",
    "oval: longer than wide by half or more, home in the middle; .41 x that root where twice as long.",
    "wedge: home at its tip or edge, as where territories meet in a city; .75 x that root at a quarter disc.",
    "implied km: that way for such a shape and area; actual km: from the center to the units, by weight.",
    "compactness: 1 for a disc, less the longer or more ragged.",
)
"""For people, under the table."""

SHOWN = ("shape", "compactness", "implied_km", "actual_km")
"""Columns of shape and way on the terminal; the file has more."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Territories, and what they were asked to be.

    Parameters
    ----------
    areas
        The units, with the links that were made.
    division
        A territory for each.
    read
        What the files hold.
    bands
        The least and the most a territory may have, by measure.
    compactness
        What distance costs.
    keep_km
        Kilometers that a unit's move counts as; 0: nothing.
    seed
        Of the search.
    broken
        Rules that the territories break, in words.
    moves
        What leaves today's territories; None where today's are not known.
    """

    areas: Areas
    division: Division
    read: Read
    bands: Mapping[str, tuple[float, float]]
    compactness: Compactness
    keep_km: float
    seed: int
    broken: tuple[str, ...]
    moves: Moves | None

    @property
    def unit(self) -> str:
        """The unit of the objective."""
        return "weight x km^2" if self.compactness == "inertia" else "weight x km"


def summary_of(answer: Answer) -> pd.DataFrame:
    """Make the table of territories: center, loads and how far they are off an equal one, shape, way."""
    areas, division, moves = answer.areas, answer.division, answer.moves
    rows = []
    for t, shape in enumerate(shapes(areas, division)):
        center = int(division.center[t])
        row: dict[str, Any] = {"territory": t + 1}
        if moves is not None:
            inside = division.owner == t
            row |= {"was": moves.was[t], "moved_in": int((moves.moved & inside).sum())}
        row |= {
            "center": areas.units[center],
            "name": answer.read.names[center],
            "units": int((division.owner == t).sum()),
        }
        for name, amount in areas.measures.items():
            load, equal = float(division.loads(amount)[t]), float(np.sum(amount)) / division.territories
            row |= {
                name: load,
                f"{name}_off_percent": round(100 * (load / equal - 1), 2) if equal > 0 else 0.0,
            }
        row |= {
            "shape": shape.kind,
            "compactness": round(shape.compactness, 3),
            "elongation": round(shape.elongation, 3),
            "elongation_by_weight": round(shape.elongation_by_weight, 3),
            "offset": round(shape.offset, 3),
            "opening_degrees": round(shape.opening_degrees, 1),
            "area_km2": round(shape.area_km2, 1),
            "implied_km": round(shape.implied_km, 2),
            "actual_km": round(shape.actual_km, 2),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def words_of(answer: Answer) -> dict[str, Any]:
    """Describe the answer for other programs."""
    areas, division = answer.areas, answer.division
    words = {
        "units": len(areas.units),
        "territories": division.territories,
        "status": division.status,
        "balance": {
            name: {
                "least": low,
                "most": high,
                "equal": float(np.sum(areas.measures[name])) / division.territories,
            }
            for name, (low, high) in answer.bands.items()
        },
        "objective": division.objective,
        "objective_unit": answer.unit,
        "bound": division.bound,
        "bound_knows_contiguity": division.bound_knows_contiguity,
        "gap": division.gap,
        "seconds": division.seconds,
        "engine": division.engine,
        "seed": answer.seed,
        "violations": list(answer.broken),
        "barriers": [vars(b) for b in areas.barriers],
        "links": [vars(link) for link in areas.links],
        "log": list(division.log),
        "summary": summary_of(answer),
    }
    if answer.moves is not None:
        words["moves"] = _words_of_moves(answer, answer.moves)
    return words


def _words_of_moves(answer: Answer, moves: Moves) -> dict[str, Any]:
    """Say how much moves, and what of the objective is distance."""
    amounts = {}
    for name, amount in answer.areas.measures.items():
        moved, total = float(np.asarray(amount)[moves.moved].sum()), float(np.sum(amount))
        amounts[name] = {"moved": moved, "share": moved / total if total > 0 else 0.0}
    return {
        "units": int(moves.moved.sum()),
        "amounts": amounts,
        "keep_km": answer.keep_km,
        "distance": objective(answer.areas, answer.division, answer.compactness),
    }


def sentence_of_moves(answer: Answer) -> str:
    """Say what moves, "" where today's territories are not known."""
    if answer.moves is None:
        return ""
    words = _words_of_moves(answer, answer.moves)
    amounts = [f"{a['share']:.1%} of {name} ({a['moved']:,.10g})" for name, a in words["amounts"].items()]
    return " and ".join(
        [f"{words['units']:,} of {len(answer.areas.units):,} units leave their territory of today", *amounts]
    )


def save_answer(folder: Path, answer: Answer) -> None:
    """Write territories, their table, what moves, the map and the summary."""
    areas, division, names = answer.areas, answer.division, answer.read.names
    units = pd.DataFrame({"unit": areas.units, "territory": division.owner + 1})
    if answer.moves is not None and answer.read.today is not None:
        units = units.assign(today=answer.read.today, moved=answer.moves.moved)
        _moved(answer, answer.moves, answer.read.today).to_csv(
            folder / "moved.csv", index=False, lineterminator="\n"
        )
    units.to_csv(folder / "territories.csv", index=False, lineterminator="\n")
    summary_of(answer).to_csv(folder / "territories_summary.csv", index=False, lineterminator="\n")
    title = f"{division.territories} territories from {len(areas.units):,} units"
    layers = layers_of(areas, division, names, today=answer.read.today, moves=answer.moves)
    page = write_area_map(
        areas, layers, names=names, title=title, note=sentence_of_moves(answer), outlines=answer.read.outlines
    )
    (folder / "map.html").write_text(page, encoding="utf-8", newline="\n")
    write_json(folder / "summary.json", words_of(answer))


def _moved(answer: Answer, moves: Moves, today: tuple[str, ...]) -> pd.DataFrame:
    """List the units that move: from which of today's territories to which, and what they amount to."""
    at = np.flatnonzero(moves.moved)
    to = answer.division.owner[at]
    listed = {
        "unit": [answer.areas.units[i] for i in at],
        "name": [answer.read.names[i] for i in at],
        "from": [today[i] for i in at],
        "to": [moves.was[t] for t in to],
        "territory": to + 1,
    }
    return pd.DataFrame({**listed, **{m: np.asarray(a)[at] for m, a in answer.areas.measures.items()}})


def print_answer(answer: Answer) -> None:
    """Show the answer to people: the table, what is allowed, what words mean, what moves."""
    division, table = answer.division, summary_of(answer)
    knows = "with" if division.bound_knows_contiguity else "without"
    columns = list(_columns(answer, table))
    show_table(
        f"{division.status}: {division.objective:,.6g} {answer.unit}, at most {division.gap:.2%} "
        f"above the best (bound {knows} contiguity)",
        [head for head, _ in columns],
        [list(row) for row in zip(*(cells for _, cells in columns), strict=True)],
    )
    for sentence in _sentences(answer, table):
        answers.print(sentence, markup=False)
    for sentence in answer.broken:
        say(f"Broken: {sentence}")


def _columns(answer: Answer, table: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Give the columns for people: head and cells."""
    numbered = zip(table["territory"], table["name"], strict=True)
    yield "territory, center", [f"{number} {name}" for number, name in numbered]
    if answer.moves is not None:
        yield "was", [was or "new" for was in table["was"]]
        yield "moved in", [f"{count:,}" for count in table["moved_in"]]
    yield "units", [f"{count:,}" for count in table["units"]]
    for name in answer.areas.measures:
        yield name, [f"{load:,.10g}" for load in table[name]]
        yield "off equal", [f"{off:+.2f}%" for off in table[f"{name}_off_percent"]]
    for name in SHOWN:
        cells = [f"{value:,.2f}" if isinstance(value, float) else str(value) for value in table[name]]
        yield name.replace("_", " "), cells


def _sentences(answer: Answer, table: pd.DataFrame) -> Iterator[str]:
    for name, (low, high) in answer.bands.items():
        off = table[f"{name}_off_percent"]
        equal = float(np.sum(answer.areas.measures[name])) / answer.division.territories
        yield (
            f"{name}: {low:,.10g} to {high:,.10g} are allowed, {equal:,.10g} is an equal share; "
            f"territories are {off.min():+.2f} % to {off.max():+.2f} % off it."
        )
    yield from WHAT_SHAPES_MEAN
    if answer.moves is not None:
        yield f"{sentence_of_moves(answer)}: see moved.csv and the map."
