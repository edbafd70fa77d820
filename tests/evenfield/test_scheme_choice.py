"""Schemes from Python: read, compare, pay curves, the past, candidates."""

import numpy as np
import pytest

import evenfield as ef
from evenfield import scheme_choice
from scenarios.market import Effort
from scenarios.reading import LIBRARY
from scenarios.scheme import Commission
from scenarios.writing import write_scheme

STRAIGHT = ef.Scheme(name="straight", elements={"commission": Commission(weight=1)})
CAPPED = ef.Scheme(name="capped", elements={"commission": Commission(weight=1, cap=0.5)})


@pytest.fixture(scope="module")
def towns():
    """Two towns whose reps answer what they are paid."""
    plain = ef.read("two_towns")
    return plain.replace(market=plain.market.model_copy(update={"effort": Effort(reference_commission=0.1)}))


@pytest.fixture(scope="module")
def today(towns):
    return ef.todays_book(towns)


def test_schemes_are_compared_by_name_or_as_they_are(towns, today):
    found = ef.compare_schemes(towns, today, [STRAIGHT, "straight-commission"], replications=4)
    assert found.reference == "straight"
    assert list(found.outcomes) == ["straight", "Straight commission"]
    rows = found.rows.set_index("figure")
    assert rows["difference"]["pay"] == 0


def test_beside_one_alone_the_own_scheme_comes_first(towns, today):
    found = ef.compare_schemes(towns, today, [CAPPED], replications=4)
    assert list(found.outcomes) == [towns.scheme.name, "capped"]


def test_two_of_one_name_are_told_apart(towns, today):
    curves = ef.pay_curves(towns, today, [STRAIGHT, STRAIGHT])
    assert list(curves) == ["straight", "straight (2)"]


TOML = """
[elements.commission]
kind = "commission"
weight = 1.0

[[differentials]]
where = { region = ["Nowhere"] }
times = 1.1
"""


def test_what_means_nobody_is_named_by_its_file_and_left_out_of_a_scheme_of_the_library(
    towns, today, tmp_path, monkeypatch
):
    file = tmp_path / "mine.toml"
    file.write_text(TOML, encoding="utf-8")
    with pytest.raises(ef.InputError, match=r"mine.toml, differentials number 1, where: none of the reps"):
        ef.pay_on_past_results(towns, today, [str(file)])
    told = []
    monkeypatch.setattr(scheme_choice, "say", told.append)
    north = towns.replace(reps=towns.reps.assign(region="North"))
    # The library's pays more in the West, where nobody sells in this company.
    paid = ef.pay_on_past_results(north, today, ["quota-bonus"])
    assert list(paid.columns) == ["Quota bonus"]
    assert told[0].startswith("Note: quota-bonus.toml, differentials number 1, where: none of the reps is so")


def test_a_straight_line_and_a_cap_at_half_the_quota(towns, today):
    curves = ef.pay_curves(towns, today, [STRAIGHT, CAPPED])
    at, paid = curves["straight"]
    assert paid == pytest.approx(at, abs=1e-4)
    at, paid = curves["capped"]
    assert paid == pytest.approx(np.minimum(at, 0.5), abs=1e-4)


def test_past_results_pay_every_rep_under_every_scheme(towns, today):
    paid = ef.pay_on_past_results(towns, today, [STRAIGHT, CAPPED])
    assert list(paid.columns) == ["straight", "capped"]
    assert list(paid.index) == list(towns.reps.index)
    # West just reaches its yearly quota, selling in two quarters of four; under the cap a quarter pays
    # half its part of the target incentive at most, 5,000. East serves nobody.
    base, incentive = towns.reps.loc["west", ["base_pay", "target_incentive"]]
    assert paid["straight"]["west"] == base + incentive
    assert paid["capped"]["west"] == base + 2 * incentive / 4 / 2
    assert paid["straight"]["east"] == paid["capped"]["east"] == towns.reps["base_pay"]["east"]


@pytest.mark.parametrize("name", sorted(file.stem for file in (LIBRARY / "schemes").glob("*.toml")))
def test_a_scheme_that_is_written_is_read_as_it_was(name, tmp_path):
    scheme = ef.read_scheme(name)
    assert ef.read_scheme(write_scheme(scheme, tmp_path / "best.toml")) == scheme


def test_candidates_are_all_combinations_of_what_is_varied():
    found = ef.scheme_candidates(CAPPED, {"commission.cap": [0.8, None], "commission.weight": [1.0]})
    assert [chosen["commission.cap"] for chosen, _ in found] == [0.8, None]
    assert [scheme.elements["commission"].cap for _, scheme in found] == [0.8, None]
    assert len(ef.scheme_candidates(CAPPED)) == 2  # the cap, and none


def test_what_does_not_exist_is_said(towns, today):
    with pytest.raises(ef.InputError, match="nothing"):
        ef.compare_schemes(towns, today, ["nothing", STRAIGHT])
    with pytest.raises(ef.InputError, match="name one at least"):
        ef.compare_schemes(towns, today, [])
    with pytest.raises(ef.InputError, match="commission"):
        ef.scheme_candidates(CAPPED, {"comission.cap": [1.0]})
    with pytest.raises(ef.InputError, match="name the values"):
        ef.scheme_candidates(CAPPED, {"commission.cap": []})
