"""Geographic units: worlds one can solve by hand, and small graphs by brute force."""

import itertools
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.areas.contiguity import Barrier
from optimizer.areas.division import divide
from optimizer.areas.rules import objective, violations
from optimizer.areas.units import Areas, join_islands, with_barriers
from scenarios.errors import InputError, NoPlanExists, NoPlanFoundInTime

COUNTIES = Path(__file__).parents[4] / "shared" / "data" / "us_counties"


def row_of_units(*people: float, links: list[tuple[int, int]] | None = None) -> Areas:
    """Units one kilometer apart in a row, each touching the next."""
    n = len(people)
    edges = links if links is not None else [(i, i + 1) for i in range(n - 1)]
    at, people_ = np.arange(n, dtype=float), np.array(people, dtype=float)
    names = tuple("abcdefghijkl"[:n])
    return Areas(names, at, np.zeros(n), people_, {"people": people_}, np.array(edges).reshape(-1, 2))


def grid(wide: int, high: int) -> Areas:
    at = np.array([(x, y) for y in range(high) for x in range(wide)], dtype=float)
    edges = [(i, j) for i, j in itertools.combinations(range(len(at)), 2) if np.abs(at[i] - at[j]).sum() == 1]
    ones = np.ones(len(at))
    return Areas(tuple(map(str, range(len(at)))), at[:, 0], at[:, 1], ones, {"people": ones}, np.array(edges))


def test_six_units_in_a_row_make_two_halves() -> None:
    # Each half has its center in the middle: 1 + 0 + 1 km squared, twice.
    found = divide(row_of_units(1, 1, 1, 1, 1, 1), 2, balance={"people": 0.0}, gap=0.0)
    assert found.owner.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.center.tolist() == [1, 4]
    assert found.objective == pytest.approx(4.0)
    assert found.status == "optimal"
    assert found.bound == pytest.approx(4.0)


def test_kilometers_may_count_plainly_instead_of_squared() -> None:
    found = divide(row_of_units(1, 1, 1, 1), 1, compactness="median")
    assert found.objective == pytest.approx(1 + 0 + 1 + 2)


def test_contiguity_costs_what_it_costs() -> None:
    # a(3) b(1) c(3) d(1) in a row, 4 each: in one piece ab | cd; b and d may not swap.
    areas = row_of_units(3, 1, 3, 1, links=[(0, 1), (1, 2), (2, 3)])
    found = divide(areas, 2, balance={"people": 0.0})
    assert found.owner.tolist() == [0, 0, 1, 1]
    # Where only a-d, d-b and b-c touch, ab would fall apart.
    other = row_of_units(3, 1, 3, 1, links=[(0, 3), (3, 1), (1, 2)])
    assert divide(other, 2, balance={"people": 0.0}).owner.tolist() == [0, 1, 1, 0]
    assert divide(other, 2, balance={"people": 0.0}, contiguous=False).owner.tolist() == [0, 0, 1, 1]


def test_a_barrier_sends_a_unit_the_other_way() -> None:
    areas = grid(3, 2)  # 0 1 2 over 3 4 5
    free = divide(areas, 3, balance={"people": 0.0})
    assert violations(areas, free, 3, balance={"people": 0.0}) == ()
    cut = with_barriers(areas, (Barrier("0", "1", "river"), Barrier("1", "2", "ridge")))
    found = divide(cut, 3, balance={"people": 0.0})
    assert found.owner.tolist() == [0, 1, 2, 0, 1, 2]
    assert [b.reason for b in cut.barriers] == ["river", "ridge"]


def test_fixed_centers_keep_their_territory() -> None:
    areas = row_of_units(1, 1, 1, 1, 1, 1)
    found = divide(areas, 2, balance={"people": 0.0}, centers=["f", "a"])
    assert found.owner.tolist() == [1, 1, 1, 0, 0, 0]
    assert found.objective == pytest.approx(2 * (1 + 4))
    assert violations(areas, found, 2, balance={"people": 0.0}, centers=["f", "a"]) == ()
    assert violations(areas, found, 2, centers=["a", "f"]) == (
        "the center of territory 0 is f, not a",
        "the center of territory 1 is a, not f",
    )


def test_an_island_is_joined_to_the_nearest_coast() -> None:
    areas = row_of_units(1, 1, 1, 1, 1, 1, links=[(0, 1), (1, 2), (3, 4), (4, 5)])
    joined = join_islands(areas)
    assert [(link.a, link.b, link.km) for link in joined.links] == [("c", "d", 1.0)]
    found = divide(areas, 3, balance={"people": 0.0})
    assert "Linked c and d, 1 km apart." in found.log
    assert found.owner.tolist() == [0, 0, 1, 1, 2, 2]


def test_islands_without_a_link_need_a_whole_number_of_territories() -> None:
    areas = row_of_units(1, 1, 1, 1, 1, 1, links=[(0, 1), (1, 2), (3, 4), (4, 5)])
    assert divide(areas, 2, balance={"people": 0.0}, islands="apart").owner.tolist() == [0, 0, 0, 1, 1, 1]
    with pytest.raises(NoPlanExists, match=r"part of 3 units with a is no whole number of territories"):
        divide(areas, 3, balance={"people": 0.0}, islands="apart")


def test_an_exempt_island_may_belong_to_anyone() -> None:
    areas = row_of_units(1, 1, 1, 1, 1, 1, links=[(0, 1), (1, 2), (2, 3), (3, 4)])
    found = divide(areas, 2, balance={"people": 0.0}, islands="exempt")
    assert violations(areas, found, 2, balance={"people": 0.0}, exempt=["f"]) == ()
    assert violations(areas, found, 2) == ("territory 1 is in 2 pieces",)


def test_what_sums_forbid_is_said_at_once() -> None:
    with pytest.raises(NoPlanExists, match=r"alone has 5, 3\.3 is the most; allow 66\.7%"):
        divide(row_of_units(5, 1), 2, balance={"people": 0.1})
    with pytest.raises(NoPlanExists, match="2 territories from 4 to 5 cannot add up to 6"):
        divide(row_of_units(3, 3), 2, balance={"people": (4.0, 5.0)})


def test_a_large_unit_in_the_only_way_needs_room_for_what_lies_behind() -> None:
    # 3 9 5 5 5 5 in a row are 32, a third 10 2/3. a is too small to be alone and b in the only way to it:
    # both have 12, within 13 % (12.05) and not within 10 % (11.73).
    areas = row_of_units(3, 9, 5, 5, 5, 5)
    assert divide(areas, 3, balance={"people": 0.13}).owner.tolist() == [0, 0, 1, 1, 2, 2]
    with pytest.raises(NoPlanExists, match=r"b is the only way to a .*: 12 at least, 11\.73\d* is the most"):
        divide(areas, 3, balance={"people": 0.1})


def test_proved_that_nothing_in_one_piece_is_balanced() -> None:
    # 1 3 | 3 1 are 4 each. Eight with 9 and two with 4 in a row are 80, 40 each: four and one of the two.
    assert divide(row_of_units(1, 3, 3, 1), 2, balance={"people": 0.0}).owner.tolist() == [0, 0, 1, 1]
    with pytest.raises(NoPlanExists, match="in one piece") as error:
        divide(row_of_units(9, 9, 9, 9, 9, 9, 9, 9, 4, 4), 2, balance={"people": 0.0})
    assert "Without contiguity there is such a division" in str(error.value)


def test_two_measures_with_their_own_tolerance() -> None:
    areas = row_of_units(1, 1, 1, 1)
    hours = np.array([9.0, 1.0, 1.0, 9.0])
    both = Areas(
        areas.units, areas.x_km, areas.y_km, areas.weight, {**areas.measures, "hours": hours}, areas.edges
    )
    found = divide(both, 2, balance={"people": 1.0, "hours": 0.05})
    assert found.loads(hours).tolist() == [10.0, 10.0]
    with pytest.raises(NoPlanExists):
        divide(both, 2, balance={"people": (1.0, 1.5), "hours": 0.05})


def test_all_that_is_wrong_is_said_at_once() -> None:
    areas = row_of_units(1, -1, 1)
    with pytest.raises(InputError) as error:
        divide(areas, 9, balance={"peple": 0.1, "people": -1.0}, centers=["a", "a", "z"])
    said = str(error.value)
    for part in (
        "from 1 to 3",
        "no such measure",
        "a share >= 0",
        "unit b, people",
        "named twice",
        "no such unit",
    ):
        assert part in said


def test_the_same_for_a_seed_and_a_work_limit() -> None:
    areas = grid(6, 6)
    how = {"balance": {"people": 0.0}, "work_limit": 1_000_000, "seed": 7}
    found = [divide(areas, 4, **how) for _ in range(2)]
    assert found[0].owner.tolist() == found[1].owner.tolist()
    assert found[0].bound == found[1].bound


def test_ctrl_c_keeps_the_best_so_far() -> None:
    areas = grid(16, 16)
    divide(grid(2, 2), 2, time_limit=5)  # compiles
    threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    began = time.perf_counter()
    found = divide(areas, 7, balance={"people": 0.05}, time_limit=60, gap=0.0)
    assert time.perf_counter() - began < 20
    assert found.status == "interrupted"
    assert violations(areas, found, 7, balance={"people": 0.05}) == ()


def test_no_time_is_not_no_plan() -> None:
    with pytest.raises(NoPlanFoundInTime):
        divide(grid(9, 9), 7, balance={"people": 0.08}, time_limit=0.0)


def best_by_brute_force(areas: Areas, k: int, share: float, contiguous: bool) -> float | None:
    n, best = len(areas.units), None
    cost = areas.weight[:, None] * areas.distance_km() ** 2
    low, high = (sum(areas.measures["people"]) / k * (1 + s) for s in (-share, share))
    graph: list[set[int]] = [set() for _ in range(n)]
    for a, b in areas.edges.tolist():
        graph[a].add(b)
        graph[b].add(a)
    for owner in itertools.product(range(k), repeat=n):
        if any(owner[i] > max(owner[:i], default=-1) + 1 for i in range(n)) or len(set(owner)) < k:
            continue
        groups = [[i for i in range(n) if owner[i] == t] for t in range(k)]
        loads = [sum(areas.measures["people"][i] for i in g) for g in groups]
        if any(not low - 1e-9 <= load <= high + 1e-9 for load in loads):
            continue
        if contiguous and not all(connected(set(g), graph) for g in groups):
            continue
        value = sum(min(cost[g, j].sum() for j in g) for g in groups)
        best = value if best is None else min(best, value)
    return best


def connected(group: set[int], graph: list[set[int]]) -> bool:
    seen, queue = {min(group)}, [min(group)]
    while queue:
        for other in graph[queue.pop()] & group - seen:
            seen.add(other)
            queue.append(other)
    return seen == group


@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 10**6), st.integers(2, 3), st.booleans(), st.sampled_from([0.1, 0.4]))
def test_brute_force_agrees(seed: int, k: int, contiguous: bool, share: float) -> None:
    rng = np.random.default_rng(seed)
    n = 7
    at = rng.uniform(0, 10, (n, 2))
    people = rng.integers(1, 5, n).astype(float)
    near = np.argsort(np.hypot(*(at[:, None] - at).transpose(2, 0, 1)), axis=1)[:, 1:3]
    edges = np.array([(i, j) for i in range(n) for j in near[i]])
    names = tuple(map(str, range(n)))
    areas = join_islands(Areas(names, at[:, 0], at[:, 1], people, {"people": people}, edges))
    best = best_by_brute_force(areas, k, share, contiguous)
    how = {"balance": {"people": share}, "contiguous": contiguous}
    try:
        found = divide(areas, k, gap=0.0, work_limit=2_000_000, **how)
    except NoPlanExists:
        assert best is None
        return
    assert best is not None
    assert found.objective == pytest.approx(best, rel=2e-4)
    assert found.bound <= best * (1 + 1e-9)
    assert objective(areas, found) == pytest.approx(found.objective)
    assert violations(areas, found, k, **how) == ()


@pytest.mark.parametrize(("state", "published"), [("NM", 32944.25), ("ME", 19093.26)])
def test_published_optimum(state: str, published: float) -> None:
    if not COUNTIES.exists():
        pytest.skip("the public county graphs are not here")
    nodes = pd.read_csv(COUNTIES / "county_nodes.csv").query("state == @state").sort_values("index")
    edges = pd.read_csv(COUNTIES / "county_edges.csv").query("state == @state")[["a", "b"]].to_numpy()
    row = pd.read_csv(COUNTIES / "best_known_hess_counties.csv").query("state == @state").iloc[0]
    people = nodes["pop10"].to_numpy(dtype=float)
    latitude, longitude = (nodes[c].to_numpy(dtype=float) for c in ("lat", "lon"))
    names = tuple(nodes["name"])
    areas = Areas(
        names, longitude, latitude, people, {"people": people}, edges, latitude=latitude, longitude=longitude
    )
    found = divide(areas, int(row.k), balance={"people": (float(row.L), float(row.U))}, gap=1e-4)
    # Great circles here, a plane there: .35 % apart.
    assert found.objective / 1e6 == pytest.approx(published, rel=5e-3)
    assert violations(areas, found, int(row.k), balance={"people": (float(row.L), float(row.U))}) == ()
    assert found.status in ("optimal", "within gap")
