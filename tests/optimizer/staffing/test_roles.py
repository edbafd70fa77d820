"""Which roles to hire, against trying all mixes."""

import itertools

import pytest

from optimizer.staffing.roles import role_mix, role_pay
from scenarios.building import build

SALES = 1200.0


@pytest.fixture
def staffed(towns):
    """Two middle reps of 100 hours; no ramp, nobody quits, so that hires give whole hours."""
    towns.settings["market"] |= {
        "turnover": {"ramp_months": 0.0},
        "staffing": {"pay": {"junior": 50.0, "middle": 100.0, "senior": 110.0}},
    }
    return towns


def cheapest(missing, juniors_here, people_here, most, gain, training_cost):
    """Try all hires and trainings."""
    pay, hours = (50.0, 100.0, 110.0), (70.0, 100.0, 120.0)
    best = float("inf")
    for hires in itertools.product(range(12), range(9), range(8)):
        extra = hires[0] and juniors_here + hires[0] > most * (people_here + sum(hires)) + 1e-9
        if extra:
            continue
        for trained in range(juniors_here + hires[0] + 1 if gain > 0 else 1):
            if sum(h * n for h, n in zip(hours, hires, strict=True)) + gain * trained >= missing - 1e-6:
                cost = sum(p * n for p, n in zip(pay, hires, strict=True)) + training_cost * trained
                best = min(best, cost)
    return best


@pytest.mark.parametrize("visits", [150.0, 260.0, 430.0, 610.0])
@pytest.mark.parametrize("most", [0.5, 0.0, 1.0])
def test_the_cheapest_mix(staffed, visits, most):
    staffed.settings["market"]["staffing"] |= {
        "most_juniors": most, "training_hours": 10.0, "training_months": 3.0, "training_cost": 0.05,
    }  # fmt: skip
    scenario = build(staffed)
    found = role_mix(scenario, visits, 0.0, SALES)
    # A trained junior sells .3 more of an hour in the 65 hours after 3 months and the training, less .7 x 10.
    assert found.training == pytest.approx((0.3 * 65 - 7, 2.5))
    assert found.hours_each == pytest.approx({"junior": 70, "middle": 100, "senior": 120})
    missing = visits - 200
    assert found.best.cost == pytest.approx(cheapest(missing, 0, 2, most, *found.training), abs=1e-3)
    assert found.best.hours >= missing - 1e-6
    if missing > 0 and most == 0:
        assert found.best.hires["junior"] == 0
        assert found.alternatives["only junior"] is None


def test_nobody_is_hired_where_hours_suffice_and_the_target_needs_more(staffed):
    scenario = build(staffed)
    assert role_mix(scenario, 100.0, 50.0, SALES).best.hires == {"junior": 0, "middle": 0, "senior": 0}
    # Half of the target is expected: twice the selling.
    assert role_mix(scenario, 100.0, 50.0, SALES / 2).needed == pytest.approx(200.0)


def test_pay_comes_from_settings_then_reps_then_productivity(towns):
    towns.tables["reps"]["base_pay"] = ["100", "60"]
    towns.tables["reps"]["seniority"] = ["middle", "junior"]
    towns.settings["market"]["staffing"] = {"pay": {"junior": 70.0}}
    # 100 and 60 / .7 for a unit: the middle of them times 1.2
    assert role_pay(build(towns)) == pytest.approx(
        {"junior": 70.0, "middle": 100.0, "senior": 1.2 * (100 + 60 / 0.7) / 2}
    )


def test_hours_of_a_hire_by_hand(towns):
    # 100 hours a year, a ramp of a year from nothing: half of them, times what the role sells in an hour.
    towns.settings["market"]["turnover"] = {"ramp_months": 12.0, "starting_productivity": 0.0}
    found = role_mix(build(towns), 300.0, 0.0, SALES)
    half = 100 * 182.5 / 365.25
    assert found.hours_each == pytest.approx({"junior": 0.7 * half, "middle": half, "senior": 1.2 * half})
    assert found.here == pytest.approx(200)
    assert found.needed == pytest.approx(300)
    # A hundred hours are missing: three middle reps bring 150, two 99.9.
    assert found.alternatives["only middle"].hires["middle"] == 3
