"""A large plan in parts: nobody in two of them, nothing broken between them, the same on any number of
machines."""

import numpy as np
import pytest
from joblib import parallel_config

from benchmarks.instances import planning
from optimizer.core import search as searching
from optimizer.core.annealing import Heat, anneal
from optimizer.core.bound import lower_bound
from optimizer.core.engines import assign
from optimizer.core.guide import make_guide
from optimizer.core.parts import divide, fairly, group, part_of


@pytest.fixture(scope="module")
def company():
    return planning(
        500, 20, candidates=6, seed=3, hours_tolerance=0.2, potential_tolerance=0.3, move_limit=300
    ).problem


@pytest.fixture
def cut_small(monkeypatch):
    """Search in parts what would be annealed all together."""
    monkeypatch.setattr(searching, "WHOLE", 50)
    monkeypatch.setattr(searching, "PART_UNITS", 50)
    monkeypatch.setattr(searching, "PART_REPS", 5)


def cut(problem, chosen, guide, seed=1):
    groups = group(guide.shared, 5, np.random.default_rng(seed).permutation(problem.reps))
    load = guide.rows.activity(chosen)
    pieces = divide(guide.rows, guide.unit_of, guide.keep, chosen, groups)
    parts = [part_of(guide.rows, guide.unit_of, chosen, load, piece) for piece in pieces]
    return groups, fairly(guide.rows, load, parts)


def test_no_rep_and_no_unit_is_in_two_parts(company):
    guide = make_guide(company, lower_bound(company))
    groups, parts = cut(company, guide.largest_share(), guide)
    assert sorted(np.concatenate(groups)) == list(range(company.reps))
    assert max(len(reps) for reps in groups) == 5
    units = np.concatenate([part.unit for part in parts])
    assert len(units) == len(set(units))
    assert len(parts) > 2


def test_parts_together_keep_what_all_of_them_share(company):
    guide = make_guide(company, lower_bound(company))
    chosen = assign(company, engine="search", work_limit=3e6, gap=0.0).chosen
    _, parts = cut(company, chosen, guide)
    better = chosen.copy()
    gain = 0.0
    for part in parts:
        heat = Heat(guide.stake, 0.01 * guide.stake, 300, 0.03)
        choice, _ = anneal(part.rows, part.first, guide.weight[part.row], heat, 1)
        gain += part.rows.merit(part.first)[1] - part.rows.merit(choice)[1]
        part.put(better, choice)
    assert np.isfinite(company.objective(better))
    assert company.objective(chosen) - company.objective(better) == pytest.approx(gain, abs=1e-6)


@pytest.mark.usefixtures("cut_small")
def test_any_number_of_workers_finds_the_same_plan(company):
    plans = [
        assign(company, engine="search", work_limit=2e6, gap=0.0, workers=workers).chosen
        for workers in (1, 2)
    ]
    assert np.array_equal(*plans)


@pytest.mark.usefixtures("cut_small")
def test_a_dask_cluster_finds_the_same_plan(company):
    distributed = pytest.importorskip("distributed")
    alone = assign(company, engine="search", work_limit=2e6, gap=0.0)
    with (
        distributed.Client(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            dashboard_address=None,
            host="127.0.0.1",
            protocol="tcp",
        ),
        parallel_config(backend="dask"),
    ):
        together = assign(company, engine="search", work_limit=2e6, gap=0.0, workers=-1)
    assert np.array_equal(alone.chosen, together.chosen)


@pytest.mark.usefixtures("cut_small")
def test_parts_find_nearly_what_the_whole_does(company, monkeypatch):
    parts = assign(company, engine="search", work_limit=5e6, gap=0.0)
    monkeypatch.setattr(searching, "WHOLE", 3000)
    whole = assign(company, engine="search", work_limit=5e6, gap=0.0)
    assert parts.cost == pytest.approx(whole.cost, rel=0.01)
