"""Driving times from an OSRM server, asked once and kept beside the scenario.

The server's table service (project-osrm.org, HTTP API, `/table/v1/driving/`) is asked in batches. What it
answers becomes the scenario's travel times, so a saved plan holds all it was made from and needs no server.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scenarios import InputError, Problem, Scenario

CACHE = "osrm.csv"
"""File beside the scenario that holds what a server has answered."""

PLACES = 100
"""Places in one request: what a server allows unless told otherwise (`--max-table-size`)."""

MOST_PAIRS = 2_000_000
"""Pairs of home and customer asked for at most."""

SECONDS = 30.0
"""How long one answer may take."""

PLACE = "scenario.toml, travel.osrm_url"

Key = tuple[str, str]


def with_road_times(
    scenario: Scenario,
    folder: Path | None = None,
    *,
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> Scenario:
    """Ask the scenario's OSRM server for the ways between homes and customers that `travel.csv` lacks.

    Pairs that nobody is eligible for are not asked for, but where today's owner is one. Ways the server does
    not know (islands) stay estimated.

    Parameters
    ----------
    folder
        Where answers are kept and looked for, by place and server; None: nowhere.
    seconds
        How long one answer may take.
    progress
        Told requests done and requests in all.

    Returns
    -------
    The scenario with travel times; the same one where it names no server or lacks nothing.

    Raises
    ------
    InputError
        If the server cannot be reached or does not answer as OSRM does, or there are too many pairs.
    """
    url = scenario.travel.osrm_url
    if url is None:
        return scenario
    missing = _missing(scenario)
    if missing.empty:
        return scenario
    homes, places = _coordinates(scenario.reps), _coordinates(scenario.customers)
    known = _read_cache(folder, url)
    keys = list(zip(homes[missing["rep"]], places[missing["customer"]], strict=True))
    asked = sorted(set(keys) - set(known))
    if len(asked) > MOST_PAIRS:
        remedy = (
            f"{len(asked):,} ways are too many to ask for, {MOST_PAIRS:,} at most; give travel.csv instead"
        )
        raise InputError([Problem(PLACE, url, remedy)])
    batches = list(_batches(asked))
    for number, (sources, targets) in enumerate(batches):
        if progress is not None:
            progress(number, len(batches))
        known |= _ask(url, sources, targets, seconds)
    if batches:
        _write_cache(folder, url, known)
    times = missing.assign(
        minutes=[known.get(key, (np.nan, np.nan))[0] for key in keys],
        km=[known.get(key, (np.nan, np.nan))[1] for key in keys],
    )
    found = times.dropna(subset="minutes")
    table = pd.concat([scenario.travel_times, found], ignore_index=True).astype(scenario.travel_times.dtypes)
    return scenario.replace(travel_times=table)


def _missing(scenario: Scenario) -> pd.DataFrame:
    """List the pairs without a known way: eligible ones, and customers with their owner of today."""
    wanted = scenario.eligible.to_numpy().copy()
    owner = scenario.reps.index.get_indexer(pd.Index(scenario.customers["owner"]))
    wanted[np.flatnonzero(owner >= 0), owner[owner >= 0]] = True
    given = scenario.travel_times
    row = scenario.customers.index.get_indexer(pd.Index(given["customer"]))
    wanted[row, scenario.reps.index.get_indexer(pd.Index(given["rep"]))] = False
    customer, rep = np.nonzero(wanted)
    return pd.DataFrame({"customer": scenario.customers.index[customer], "rep": scenario.reps.index[rep]})


def _coordinates(table: pd.DataFrame) -> pd.Series:
    """Write places as OSRM reads them: longitude, latitude, to about a tenth of a meter."""
    lon, lat = table["longitude"], table["latitude"]
    texts = [f"{x:.6f},{y:.6f}" for x, y in zip(lon, lat, strict=True)]
    return pd.Series(texts, index=table.index)


def _batches(pairs: list[Key]) -> Iterator[tuple[list[str], list[str]]]:
    """Put ways into few tables: homes that go to the same places together, within a request's size."""
    by_home: dict[str, list[str]] = {}
    for home, place in pairs:
        by_home.setdefault(home, []).append(place)
    groups: dict[tuple[str, ...], list[str]] = {}
    for home, places in by_home.items():
        groups.setdefault(tuple(places), []).append(home)
    for targets, homes in groups.items():
        for first in range(0, len(homes), PLACES // 2):
            sources = homes[first : first + PLACES // 2]
            step = PLACES - len(sources)
            for start in range(0, len(targets), step):
                yield sources, list(targets[start : start + step])


def _ask(url: str, sources: list[str], targets: list[str], seconds: float) -> dict[Key, tuple[float, float]]:
    """Ask for one table: minutes and km by home and place; not a number where there is no way."""
    places = ";".join([*sources, *targets])
    from_, to = (";".join(map(str, span)) for span in _spans(len(sources), len(targets)))
    request = f"{url.rstrip('/')}/table/v1/driving/{places}?sources={from_}&destinations={to}"
    answer = _answer(f"{request}&annotations=duration,distance", url, seconds)
    try:
        durations, distances = answer["durations"], answer.get("distances")
        table = {}
        for i, source in enumerate(sources):
            for j, target in enumerate(targets):
                second = durations[i][j]
                meter = None if distances is None else distances[i][j]
                minutes = np.nan if second is None else float(second) / 60
                table[source, target] = (minutes, np.nan if meter is None else float(meter) / 1000)
    except (KeyError, IndexError, TypeError, ValueError):
        raise _unusable(url, "its answer holds no table of durations") from None
    return table


def _spans(sources: int, targets: int) -> tuple[range, range]:
    return range(sources), range(sources, sources + targets)


def _answer(request: str, url: str, seconds: float) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(request, timeout=seconds) as reply:
            answer = json.loads(reply.read())
    except urllib.error.HTTPError as error:
        with error:
            raise _unusable(url, _said(error)) from None
    except TimeoutError:
        raise _unusable(url, f"it did not answer within {seconds:g} seconds") from None
    except (urllib.error.URLError, OSError) as error:
        why = getattr(error, "reason", error)
        raise _unusable(url, f"it cannot be reached ({why})") from None
    except ValueError:
        raise _unusable(url, "it does not answer in JSON") from None
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        said = answer.get("message", answer.get("code")) if isinstance(answer, dict) else "no object"
        raise _unusable(url, f"it says: {said}")
    return answer


def _said(error: urllib.error.HTTPError) -> str:
    """Give the server's own words with an error, where it has any."""
    try:
        return f"it says: {json.loads(error.read())['message']}"
    except (ValueError, KeyError, TypeError):
        return f"it answers with status {error.code}"


def _unusable(url: str, why: str) -> InputError:
    remedy = f"no driving times from OSRM: {why}; start the server, correct the address or remove the setting"
    return InputError([Problem(PLACE, url, remedy)])


def _read_cache(folder: Path | None, url: str) -> dict[Key, tuple[float, float]]:
    file = None if folder is None else folder / CACHE
    if file is None or not file.is_file():
        return {}
    try:
        table = pd.read_csv(file, dtype={"url": "str", "home": "str", "place": "str"})
        kept = table[table["url"] == url]
        pairs = zip(kept["home"], kept["place"], strict=True)
        return dict(zip(pairs, zip(kept["minutes"], kept["km"], strict=True), strict=True))
    except (KeyError, ValueError):
        return {}  # not ours, or cut off: ask again


def _write_cache(folder: Path | None, url: str, known: dict[Key, tuple[float, float]]) -> None:
    if folder is None:
        return
    rows = [(url, *key, *way) for key, way in sorted(known.items())]
    table = pd.DataFrame(rows, columns=["url", "home", "place", "minutes", "km"])
    try:
        table.to_csv(folder / CACHE, index=False, lineterminator="\n")
    except OSError:
        return  # the folder is not ours to write in; the answers are in the scenario anyway
