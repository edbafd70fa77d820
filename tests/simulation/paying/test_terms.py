"""The terms around elements, by hand: Ann has 40,000 incentive on 4 x 250,000, so sales earn 4 %."""

from datetime import date

import numpy as np
from payroll import in_first_months, paid, people

from scenarios.scheme import Scheme
from simulation.paying.pay import Pay, pay
from simulation.paying.results import Account, Results

COMMISSION = {"elements": {"commission": {"kind": "commission", "weight": 1.0}}}
YEAR = date(2027, 1, 1)
OWED, KEPT = {"amount": 2000.0}, {"amount": 1000.0, "recoverable": False}


def scheme(**terms: object) -> Scheme:
    return Scheme.model_validate({**COMMISSION, **terms})


def of_ann(made: Pay, part: str) -> list[float]:
    return (getattr(made, part)[0] / 100).tolist()


def in_a_seat(terms: Scheme, filled: list[float]) -> Pay:
    """Pay Ann, who starts on the first day and sells nothing, for the part of quarters she is there."""
    nothing = {Account("bookings"): in_first_months([[0.0] * 4])}
    return pay(terms, people(terms), Results(nothing, filled=np.array([filled])), YEAR, (YEAR,))


def test_two_draws_are_paid_both_and_only_one_is_owed() -> None:
    # 3 x (2,000 + 1,000) a quarter, of which 6,000 are owed. In the fourth she earns 40,000: 9,000 were paid
    # in advance and 18,000 are owed.
    made = paid(scheme(draws=[OWED, KEPT]), [0, 0, 0, 1_000_000])
    assert of_ann(made, "advances") == [9000.0] * 4
    assert of_ann(made, "incentive") == [9000.0, 9000.0, 9000.0, 22_000.0]
    assert of_ann(made, "owing") == [6000.0, 12_000.0, 18_000.0, 0.0]


def test_of_two_draws_the_one_that_may_be_kept_is_no_more_than_a_least_incentive() -> None:
    # 7,000 are more than the 3,000 she may keep: she is paid 9,000 and owes 2,000. Of 2,000 she keeps 3,000.
    made = paid(scheme(draws=[OWED, KEPT]), [175_000, 50_000, 0, 0])
    assert of_ann(made, "incentive")[:2] == [9000.0, 9000.0]
    assert of_ann(made, "owing")[:2] == [2000.0, 8000.0]


def test_of_two_guarantees_over_the_same_months_the_larger_one_holds() -> None:
    # January to March 2,500, April to June 1,000 of the one that lasts half a year.
    both = [{"amount": 2500.0, "months": 3}, {"amount": 1000.0, "months": 6}]
    assert of_ann(in_a_seat(scheme(guarantees=both), [1.0] * 4), "guarantees") == [7500.0, 3000.0, 0.0, 0.0]


def test_an_empty_seat_gets_no_advance_and_no_guarantee() -> None:
    terms = scheme(draws=[OWED], guarantees=[{"amount": 1500.0, "months": 12}])
    made = in_a_seat(terms, [0.0, 0.0, 0.5, 1.0])
    assert of_ann(made, "guarantees") == [0.0, 0.0, 2250.0, 4500.0]
    assert of_ann(made, "advances") == [0.0, 0.0, 3000.0, 6000.0]
    assert of_ann(made, "incentive") == [0.0, 0.0, 3000.0, 6000.0]


def test_whoever_is_there_as_planned_has_the_whole_advance() -> None:
    terms = scheme(draws=[OWED])
    late = np.array([[0, 14, 31, *[30] * 9]])  # planned from the fifteenth of February on: 45 of 90 days
    nothing = {Account("bookings"): in_first_months([[0.0] * 4])}
    for share, advance in ((0.5, 4000.0), (0.25, 2000.0)):
        filled = np.array([[share, 1, 1, 1]])
        made = pay(terms, people(terms, present=late), Results(nothing, filled=filled))
        assert of_ann(made, "advances")[0] == advance


def test_the_most_of_a_year_leaves_those_without_target_incentive_alone() -> None:
    rates = {"kind": "commission", "tiers_in": "amount", "tiers": [{"at": 0, "rate": 0.02}]}
    terms = Scheme.model_validate({"most_incentive": 1.5, "elements": {"rates": rates}})
    who = people(terms, {"ann": {"target_incentive": 0.0}, "bob": {"target_incentive": 2000.0}})
    made = paid(terms, [[100_000] * 4, [100_000] * 4], who)
    assert (made.incentive / 100).tolist() == [[2000.0] * 4, [2000.0, 1000.0, 0.0, 0.0]]


FAR = [{"where": {"team": ["Far West"]}, "times": 1.1}]
IN_THE_FAR_WEST = {"ann": {"team": "Far West"}}


def test_the_most_pay_of_an_element_holds_after_a_differential() -> None:
    element = {"kind": "commission", "weight": 1.0, "most_pay": 12_000.0}
    terms = Scheme.model_validate({"elements": {"commission": element}, "differentials": FAR})
    made = paid(terms, [500_000, 250_000, 0, 0], people(terms, IN_THE_FAR_WEST))
    assert (made.elements["commission"][0] / 100).tolist() == [12_000.0, 11_000.0, 0.0, 0.0]


def test_the_most_pay_of_a_spiff_is_of_the_year_and_after_a_differential() -> None:
    spiff = {"kind": "spiff", "per_deal": 500.0, "most_pay": 1000.0}
    terms = Scheme.model_validate({"elements": {"spiff": spiff}, "differentials": FAR})
    deals = np.array([[500_00] + [0] * 10 + [500_00]])
    made = pay(terms, people(terms, IN_THE_FAR_WEST), Results({}, spiffs={"spiff": deals}))
    assert (made.elements["spiff"][0] / 100).tolist() == [550.0] + [0.0] * 10 + [450.0]


def test_a_differential_multiplies_a_penalty_only_where_it_names_it() -> None:
    steps = [{"up_to": 0.9, "costs": 1.0}]
    penalty = {"kind": "penalty", "amount": 1000.0, "steps": steps}
    elements = {**COMMISSION["elements"], "late": penalty}
    for named, taken in (({}, -1000.0), ({"elements": ["late"]}, -1100.0)):
        terms = Scheme.model_validate({"elements": elements, "differentials": [{**FAR[0], **named}]})
        made = paid(terms, [200_000] * 4, people(terms, IN_THE_FAR_WEST))
        assert of_ann(made, "penalties") == [taken] * 4


def test_plain_rates_pay_where_there_is_no_quota_and_overlay_specialists() -> None:
    rates = {"kind": "commission", "tiers_in": "amount", "tiers": [{"at": 0, "rate": 0.02}]}
    terms = Scheme.model_validate({"elements": {"rates": {**rates, "roles": ["rep", "overlay"]}}})
    none = [0.0, 250_000, 250_000, 250_000]
    who = people(terms, {"ann": {"quota": none}, "sam": {"role": "overlay", "quota": [0.0] * 4}})
    made = paid(terms, [[100_000] * 4] * 2, who)
    assert (made.elements["rates"] / 100).tolist() == [[2000.0] * 4] * 2


def test_the_bar_of_a_contest_by_satisfaction_is_in_its_unit() -> None:
    contest = {"kind": "contest", "measure": "satisfaction", "ranked_by": "value", "at_least": 0.9}
    terms = Scheme.model_validate({"elements": {"best": {**contest, "prizes": [3000.0]}}})
    content = np.repeat([[300_000], [200_000]], 12, axis=1)
    content[1, 3:] = 900_000
    results = Results({}, shares={"satisfaction": (content, np.ones((2, 12), np.int64))})
    made = pay(terms, people(terms, {"ann": {}, "bob": {}}), results)
    assert (made.elements["best"] / 100).tolist() == [[0.0] * 4, [0.0] + [3000.0] * 3]
