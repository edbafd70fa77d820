"""What edits do to each other and what they leave alone, with numbers one can check by hand.

Ann 400 and Bob 800 in the East, Cid 400 and Dee 1,200 in the West; a quarter of each in every cell.
"""

import numpy as np
import pytest

from optimizer.quotas import apply_edits
from optimizer.quotas.editing import find_clashing
from optimizer.quotas.padding import factors
from scenarios import NoPlanExists
from scenarios.quota_edits import QuotaEdits

EAST = {"node": "East", "amount": 1500}
"""It raises East by a quarter, and lowers West from 1,600 to 1,300: Ann 500, Bob 1,000, Cid 325, Dee 975."""


def named(**edits):
    return QuotaEdits.model_validate(edits).named()


def edited(cube, padding=None, **edits):
    return apply_edits(cube, named(**edits), padding=padding)


def words_of(cube, padding=None, **edits):
    with pytest.raises(NoPlanExists) as refused:
        edited(cube, padding, **edits)
    return list(refused.value.reasons)


def ways_of(cube, padding=None, **edits):
    """What every way out says, after it was applied and gave a plan."""
    made = named(**edits)
    (clash,) = find_clashing(cube, made, padding=padding)
    for way in clash.ways:
        changed = {name: way.changes.get(name, edit) for name, edit in made.items()}
        apply_edits(cube, {k: e for k, e in changed.items() if e is not None}, padding=padding)
    return [way.words for way in clash.ways]


# an edit that the plan keeps without it does nothing


@pytest.mark.parametrize(
    "idle",
    [
        {"limit": [{"node": "Cid", "most": 999_999}]},
        {"limit": [{"node": "Cid", "least": 0}, {"node": "Dee", "most": 999_999, "absorb": "company"}]},
        {"limit": [{"node": "Cid", "least": 325, "most": 325}]},
        {"limit": [{"node": "West", "most": 999_999, "absorb": "nobody"}]},
    ],
)
def test_a_limit_that_is_kept_anyway_changes_nothing(company, yearly, idle):
    assert yearly(edited(company, pin=[EAST], **idle).cube) == {
        "Ann": 500, "Bob": 1000, "Cid": 325, "Dee": 975,
    }  # fmt: skip


def test_a_pin_of_what_is_there_anyway_changes_nothing(company, yearly):
    plan = edited(company, pin=[EAST, {"node": "Cid", "amount": 325}]).cube
    assert yearly(plan) == {"Ann": 500, "Bob": 1000, "Cid": 325, "Dee": 975}


def test_a_limit_that_binds_by_little_changes_little(company, yearly):
    plan = edited(company, pin=[EAST], limit=[{"node": "Cid", "most": 320}]).cube
    assert yearly(plan) == {"Ann": 500, "Bob": 1000, "Cid": 320, "Dee": 980}


def test_a_loose_limit_above_opens_no_door(company):
    pins = [{"node": "Ann", "amount": 700}, {"node": "Bob", "amount": 700}]
    reasons = words_of(company, pin=pins, limit=[{"node": "East", "most": 999_999}])
    # East keeps its 1,200, whatever it might have
    assert reasons[1:3] == [
        "pin 1: Ann is to have 700.00 (now 400.00)",
        "pin 2: Bob is to have 700.00 (now 800.00)",
    ]


# who is edited further down


def test_what_those_above_ask_for_goes_where_those_below_leave_room(company, yearly):
    limits = [{"node": name, "most_change": 0.1} for name in ("Ann", "Bob")]
    plan = edited(company, pin=[{"node": "Company", "amount": 3200}], limit=limits).cube
    # East can rise to 440 + 880, so West takes 1,880: 400 x 47 / 40 and 1,200 x 47 / 40
    assert yearly(plan) == {"Ann": 440, "Bob": 880, "Cid": 470, "Dee": 1410}
    assert plan.total() == 3200


def test_pins_of_all_below_decide_the_mix_of_a_pinned_manager(company):
    wanted = {("Ann", "X"): 300, ("Ann", "Y"): 250, ("Bob", "X"): 500, ("Bob", "Y"): 450}
    pins = [{"node": who, "lines": [line], "amount": units} for (who, line), units in wanted.items()]
    plan = edited(company, pin=[EAST, *pins]).cube
    for (who, line), units in wanted.items():
        assert plan.total(plan.people.find(who, ""), plan.lines.find(line, "")) == units
    assert plan.total() == 2800


def test_those_settled_further_down_take_part_in_what_is_above(cube_of, yearly):
    cube = cube_of(
        [np.full((2, 2), 100)] * 4, [("East", "Ann"), ("East", "Bob"), ("West", "Cid"), ("West", "Dee")]
    )
    plan = edited(cube, pin=[{"node": "East", "amount": 640}, {"node": "Cid", "amount": 300}]).cube
    # West falls from 800 to 960 - 0 = 1,600 - 640; then Cid has 300 of it and Dee the rest
    assert yearly(plan) == {"Ann": 320, "Bob": 320, "Cid": 300, "Dee": 660}


def test_a_total_that_is_held_keeps_what_stands_above_it(company):
    plan = edited(company, pin=[EAST, {"node": "Ann", "lines": ["X"], "amount": 400, "hold": "total"}]).cube
    assert np.array_equal(plan.of_node(0), company.of_node(0))
    assert plan.total(plan.people.find("East", "")) == 1500
    assert plan.total(plan.people.find("Ann", ""), plan.lines.find("X", "")) == 400


# transfers move amounts of the plan as it stands


@pytest.mark.parametrize("amount", [4, 100])
def test_a_transfer_out_of_a_pinned_manager_clashes_with_the_pin(company, amount):
    transfer = {"from": "Ann", "to": "Dee", "amount": amount}
    reasons = words_of(company, pin=[EAST], transfer=[transfer])
    assert reasons == [
        "quotas: these 2 edits cannot be kept together; any one less can",
        "pin 1: East is to have 1,500.00 (now 1,200.00)",
        f"transfer 1: {amount:.2f} of Ann goes to Dee",
        "way out: pin 1: leave it out",
        "way out: transfer 1: leave it out",
    ]


@pytest.mark.parametrize("amount", [350, 500])
def test_a_transfer_within_a_pinned_manager_moves_what_the_pin_gives(company, yearly, amount):
    pin, transfer = {"node": "East", "amount": 2000}, {"from": "Ann", "to": "Bob", "amount": amount}
    plan = yearly(edited(company, pin=[pin], transfer=[transfer]).cube)
    # the pin gives Ann 667, who has 400 before it, and Bob 1,333; West falls to 800
    assert plan == {"Ann": 667 - amount, "Bob": 1333 + amount, "Cid": 200, "Dee": 600}


def test_no_more_can_be_transferred_than_there_is(company):
    transfer = {"from": "Ann", "to": "Bob", "amount": 500}
    assert ways_of(company, transfer=[transfer]) == ["transfer 1: 400.00 instead of 500.00 (-100.00)"]


# clashes are clashes, and ways out hold


def test_a_freeze_is_named_in_a_clash(company):
    reasons = words_of(company, freeze=[{"node": "Ann"}], pin=[{"node": "Ann", "amount": 500}])
    assert reasons == [
        "quotas: these 2 edits cannot be kept together; any one less can",
        "pin 1: Ann is to have 500.00 (now 400.00)",
        "freeze 1: Ann stays at 400.00",
        "way out: pin 1: 400.00 instead of 500.00 (-100.00)",
        "way out: freeze 1: leave it out",
    ]


def test_amounts_of_padded_pins_are_padded(company):
    pins = [
        {"node": name, "amount": units, "basis": "padded"} for name, units in (("Ann", 1000), ("Bob", 800))
    ]
    # East has 1,200, padded 1,500: beside 800 there is room for 700
    assert ways_of(company, factors(company.people, {"region": 0.25}), pin=pins) == [
        "pin 1: 700.00 instead of 1,000.00 (-300.00)",
        "pin 2: 500.00 instead of 800.00 (-300.00)",
    ]


def test_every_clash_is_reported_with_ways_out(company):
    amounts = {"Ann": 700, "Bob": 700, "Cid": 1000, "Dee": 1000}
    reasons = words_of(company, pin=[{"node": name, "amount": units} for name, units in amounts.items()])
    assert [line for line in reasons if not line.startswith("pin")] == [
        "quotas: these 2 edits cannot be kept together; any one less can (clash 1 of 2)",
        "way out: pin 1: 500.00 instead of 700.00 (-200.00)",
        "way out: pin 2: 500.00 instead of 700.00 (-200.00)",
        "quotas: these 2 edits cannot be kept together; any one less can (clash 2 of 2)",
        "way out: pin 3: 600.00 instead of 1,000.00 (-400.00)",
        "way out: pin 4: 600.00 instead of 1,000.00 (-400.00)",
        "every clash needs a way out; each was tried with the edits of the others left out",
    ]


def test_where_no_edit_alone_is_to_blame_all_that_clash_may_be_left_out(company):
    pins = [{"node": name, "amount": 700} for name in ("Ann", "Bob")]
    limits = [{"node": name, "most": 600} for name in ("Ann", "Bob")]
    (clash,) = find_clashing(company, named(pin=pins, limit=limits))
    # without one pin the other still breaks its limit
    assert clash.names == ("pin 1", "pin 2")
    assert [way.words for way in clash.ways] == ["leave out pin 1 and pin 2"]


def test_a_pin_in_one_proportion_may_be_let_free(company):
    pins = [{"node": "Ann", "amount": 500, "mix": "keep"}, {"node": "Ann", "amount": 200, "periods": ["Q1"]}]
    # a quarter of 500 in each cell is 250 in Q1
    assert ways_of(company, pin=pins) == [
        'pin 1: let lines and periods of Ann change differently (mix = "free")',
        "pin 2: 250.00 instead of 200.00 (+50.00)",
    ]


def test_the_mix_is_only_let_free_where_that_helps(company):
    pins = [{"node": "Ann", "amount": 700, "mix": "keep"}, {"node": "Bob", "amount": 700}]
    # 700 of East's 1,200 leave 500, whatever the mix
    assert ways_of(company, pin=pins) == [
        "pin 1: 500.00 instead of 700.00 (-200.00)",
        "pin 2: 500.00 instead of 700.00 (-200.00)",
    ]


def test_limits_are_told_the_nearest_amount(company):
    limits = [{"node": "Bob", "most": 850}, {"node": "Dee", "most_change": -0.5}]
    transfers = [{"from": "Ann", "to": "Bob", "amount": 100}]
    assert ways_of(company, limit=limits[:1], transfer=transfers) == [
        "limit 1: most = 900.00 instead of 850.00 (+50.00)",
        "transfer 1: 50.00 instead of 100.00 (-50.00)",
    ]
    # Dee at 600 and Cid at 500 are short of West's 1,600 by 500
    pin = {"node": "Cid", "amount": 500}
    assert ways_of(company, limit=limits[1:], pin=[pin]) == [
        "pin 1: 1,000.00 instead of 500.00 (+500.00)",
        "limit 1: most = 1,100.00 instead of 600.00 (+500.00)",
    ]


def test_a_gate_may_be_taken_by_the_company_where_siblings_cannot(company):
    ways = ways_of(company, gate=[{"node": "Ann", "lines": ["X"]}], freeze=[{"node": "Bob"}])
    assert ways == [
        "freeze 1: leave it out",
        'gate 1: let the whole company take it (rest = "company")',
    ]


def test_who_may_not_absorb_can_be_widened_by_a_way_out(company):
    pin = {"node": "Ann", "amount": 500, "spare": ["Bob"]}
    # nobody in the East is left who could give 100
    assert ways_of(company, pin=[pin]) == ["pin 1: 400.00 instead of 500.00 (-100.00)"]
    moves = [
        {"from": ["Ann"], "to": {"Bob": 1}, "share": 0.6},
        {"from": ["Ann"], "to": {"Dee": 1}, "share": 0.6},
    ]
    assert ways_of(company, move=moves) == ["move 1: leave it out", "move 2: leave it out"]


@pytest.mark.parametrize("scale", [1, 10**6, 10**9, 10**12])
def test_a_clash_by_one_unit_is_found_whatever_the_size(cube_of, scale):
    cube = cube_of([np.full((2, 2), units // 4 * scale) for units in (400, 800, 400, 1200)])
    pins = [{"node": "Ann", "amount": 600 * scale + 1}, {"node": "Bob", "amount": 600 * scale}]
    (clash,) = find_clashing(cube, named(pin=pins))
    assert [way.changes["pin 1"].amount for way in clash.ways[:1]] == [600 * scale]
    assert [way.changes["pin 2"].amount for way in clash.ways[1:]] == [600 * scale - 1]
