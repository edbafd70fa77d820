"""Laws of pay, whatever the scheme and the year."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payroll import people
from random_schemes import (
    ENDS,
    LINES,
    SPLITS,
    START,
    any_books,
    any_ledger,
    any_people,
    any_scheme,
    any_sharing,
)
from slow_pay import element_pays

from scenarios.pay_elements import Contest, Penalty
from scenarios.scheme import Scheme
from simulation.paying.crediting import Sharing, accounts, credits_of, spiffs
from simulation.paying.elements import course, earned, worth
from simulation.paying.pay import pay
from simulation.paying.results import Account, Results
from simulation.paying.together import prizes, team_pots

SEEDS = st.integers(0, 10**9)
often = settings(max_examples=120, deadline=None)


def paid_for(scheme, who, ledger, sharing, books):
    credit = credits_of(scheme, who, ledger, sharing)
    made = Results(
        accounts(scheme, who, ledger, credit, ENDS, LINES),
        shares=books.results.shares,
        spiffs=spiffs(scheme, who, ledger, credit, ENDS, LINES, START),
        before=books.results.before,
    )
    return pay(scheme, who, made, START, books.roll.starts)


@often
@given(SEEDS)
def test_the_order_of_deals_changes_nothing(seed):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck)
    sharing = any_sharing(luck)
    books = any_books(luck, scheme, sharing=sharing)
    shuffled = books.ledger.take(luck.permutation(len(books.ledger.day)))
    before, after = (
        paid_for(scheme, books.roll.people, ledger, sharing, books) for ledger in (books.ledger, shuffled)
    )
    assert before.total.tolist() == after.total.tolist()
    assert before.incentive.tolist() == after.incentive.tolist()


@often
@given(SEEDS)
def test_an_order_of_two_lines_pays_what_it_pays_as_one(seed):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck, kinds=("commission", "bonus", "team bonus", "scorecard", "contest", "penalty"))
    scheme = scheme.model_copy(update={"windfall": None, "clawback": None})
    whole = any_ledger(luck)
    first = dataclasses.replace(whole, amount=whole.amount // 3)
    rest = dataclasses.replace(whole, amount=whole.amount - whole.amount // 3)
    both = dataclasses.replace(
        whole, **{n: np.concatenate([getattr(first, n), getattr(rest, n)]) for n in vars(whole)}
    )
    books = any_books(luck, scheme)
    who, nobody = books.roll.people, Sharing.none(6, 2)
    one, two = (paid_for(scheme, who, ledger, nobody, books) for ledger in (whole, both))
    assert one.total.tolist() == two.total.tolist()


@often
@given(SEEDS)
def test_which_month_of_its_quarter_a_sale_falls_in_changes_nothing(seed):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck, shares=False, periods=("quarter", "half-year", "year"))
    books = any_books(luck, scheme)
    turn = np.concatenate([3 * quarter + luck.permutation(3) for quarter in range(4)])
    turned = Results(
        {account: table[:, turn] for account, table in books.results.accounts.items()},
        spiffs=books.results.spiffs,
        before={account: table[:, turn] for account, table in books.results.before.items()},
    )
    before, after = (
        pay(scheme, books.roll.people, results, START, books.roll.starts)
        for results in (books.results, turned)
    )
    assert before.incentive.tolist() == after.incentive.tolist()


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_a_slow_recomputation_from_the_settings_gives_the_same_cents(seed):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck, kinds=("commission", "bonus"), shares=False, terms=False)
    own = {
        name: element.model_copy(update={"of": "own", "lines": (), **_on_bookings(element)})
        for name, element in scheme.elements.items()
    }
    scheme = scheme.model_copy(update={"elements": own})
    quota = luck.choice([0.0, 3000.0, 10_000.0, 7777.77, 0.01], 4).tolist()
    incentive = float(luck.choice([0.0, 8000.0, 9999.99]))
    who = people(scheme, {"ann": {"quota": quota, "target_incentive": incentive}})
    sold = luck.choice([0, 1, 250_00, 300_001, 1_000_000, -500_00], (1, 12))
    sold += luck.integers(0, 2, (1, 12)) * luck.integers(0, 500_000, (1, 12))
    results = Results({Account("bookings"): sold})
    for name, element in own.items():
        slow = element_pays(element, sold[0].tolist(), who.quota[0].tolist(), who.incentive[0])
        assert earned(name, element, who, results)[0].tolist() == slow


def _on_bookings(element):
    """Read bookings, against a quota or an amount, in the element and its conditions."""

    def plain(gauge):
        goal = gauge.held_against if gauge.held_against != "last year" else "quota"
        share = gauge.goal_share if goal == "quota" else 1.0
        return {"measure": "bookings", "goal": goal, "goal_share": share, "of": "own", "lines": ()}

    return {
        **plain(element),
        "gates": tuple(g.model_copy(update=plain(g)) for g in element.gates),
        "multipliers": tuple(m.model_copy(update=plain(m)) for m in element.multipliers),
    }


@often
@given(SEEDS)
def test_who_books_more_is_never_paid_less(seed):
    luck = np.random.default_rng(seed)
    kinds = ("commission", "bonus", "scorecard", "spiff", "contest")
    scheme = any_scheme(luck, kinds=kinds, rising=True, shares=False)
    scheme = scheme.model_copy(update={"windfall": None})
    books = any_books(luck, scheme)
    more = {}
    for account, table in books.results.accounts.items():
        raised = table.copy()
        raised[0, luck.integers(0, 12)] += int(luck.integers(1, 5000_00))
        more[account] = raised
    results = dataclasses.replace(books.results, accounts=more)
    before, after = (
        pay(scheme, books.roll.people, r, START, books.roll.starts) for r in (books.results, results)
    )
    assert after.total[0] >= before.total[0]


@often
@given(SEEDS, st.sampled_from(["team bonus", "contest"]))
def test_what_is_shared_is_the_pot_to_the_cent(seed, kind):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck, kinds=(kind,), terms=False)
    books = any_books(luck, scheme)
    who, results = books.roll.people, books.results
    for name, element in scheme.elements.items():
        shares = course(name, element, who, results)[0].paid
        if isinstance(element, Contest):
            pots = prizes(element, who, results)
            winners = sum((pot.amount > 0).astype(int) for pot in pots)
            due = np.array([0, 500_00, 600_01])[np.minimum(_able(pots), 2)]
            assert sum(pot.amount for pot in pots).tolist() == due.tolist()
            assert (winners >= np.minimum(_able(pots), 2)).all()
        else:
            pots = team_pots(element, who, results, worth(element, who))
        for pot in pots:
            assert shares[pot.members].sum(axis=0).tolist() == pot.amount.tolist()
        assert shares.sum() == sum(pot.amount.sum() for pot in pots)


def _able(pots):
    """How many have a place."""
    return sum((pot.place > 0).astype(int) for pot in pots)


@often
@given(SEEDS, st.booleans())
def test_advances_are_paid_and_recoverable_ones_only_once(seed, recoverable):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck)
    draw = {"amount": float(luck.choice([50.0, 400.0, 2000.0])), "recoverable": recoverable}
    with_draw = Scheme.model_validate({**scheme.model_dump(), "draws": [{**draw, "roles": scheme.roles}]})
    books = any_books(luck, with_draw)
    made = pay(with_draw, books.roll.people, books.results, START, books.roll.starts)
    without = pay(
        with_draw.model_copy(update={"draws": ()}), books.roll.people, books.results, START, books.roll.starts
    )
    assert (made.incentive >= made.advances).all()
    gained = without.incentive
    if recoverable:  # what is paid beyond what was earned is owed, and nothing else
        assert (made.incentive.cumsum(axis=1) - made.owing).tolist() == gained.cumsum(axis=1).tolist()
    else:
        assert made.incentive.tolist() == np.maximum(gained, made.advances).tolist()
        assert not made.owing.any()


@often
@given(SEEDS)
def test_nobody_earns_for_a_role_that_is_another_s(seed):
    luck = np.random.default_rng(seed)
    scheme = any_scheme(luck)
    books = any_books(luck, scheme)
    made = pay(scheme, books.roll.people, books.results, START, books.roll.starts)
    for name, element in scheme.elements.items():
        if not isinstance(element, Penalty):
            outside = ~books.roll.people.earning(element.roles)
            assert not made.elements[name][outside].any()


def test_a_plain_rate_pays_people_without_a_quota_too():
    rates = [{"at": 0, "rate": 0.05}, {"at": 1000, "rate": 0.1}]
    scheme = Scheme.model_validate(
        {"elements": {"rate": {"kind": "commission", "tiers_in": "amount", "tiers": rates}}}
    )
    who = people(scheme, {"ann": {"quota": [0.0] * 4}})
    sold = np.zeros((1, 12), np.int64)
    sold[0, 0] = 1500_00
    paid = pay(scheme, who, Results({Account("bookings"): sold}))
    assert paid.elements["rate"].tolist() == [[100_00, 0, 0, 0]]  # 1,000 x .05 + 500 x .1


def test_where_nothing_is_asked_a_multiplier_leaves_pay_as_it_is():
    bonus = {
        "kind": "bonus", "amount": 100.0, "goal": 10.0,
        "multipliers": [{"measure": "collections", "steps": [{"at": 1.0, "times": 2.0}]}],
    }  # fmt: skip
    scheme = Scheme.model_validate({"elements": {"b": bonus}})
    who = people(scheme, {"ann": {"quota": [0.0, 50.0, 50.0, 50.0]}})
    sold = np.full((1, 12), 20_00)
    results = Results({Account("bookings"): sold, Account("collections"): sold})
    assert pay(scheme, who, results).elements["b"].tolist() == [[100_00, 200_00, 200_00, 200_00]]


@pytest.mark.parametrize(("at_least", "won"), [(0.85, [0, 90_00]), (0.75, [45_00, 45_00])])
def test_the_bar_of_a_contest_is_in_the_unit_of_its_measure(at_least, won):
    contest = {
        "kind": "contest", "measure": "satisfaction", "ranked_by": "value", "at_least": at_least,
        "prizes": [90.0], "period": "year",
    }  # fmt: skip
    scheme = Scheme.model_validate({"elements": {"best": contest}})
    who = people(scheme, {"ann": {}, "bob": {}})
    content = np.full((2, 12), 900_000)
    content[0] = 800_000 if won[0] == 0 else 900_000
    results = Results({}, shares={"satisfaction": (content, np.ones((2, 12), np.int64))})
    assert pay(scheme, who, results).elements["best"][:, 0].tolist() == won


def test_a_prize_that_three_share_loses_no_cent():
    contest = {"kind": "contest", "ranked_by": "value", "prizes": [100.0], "period": "year"}
    scheme = Scheme.model_validate({"elements": {"best": contest}})
    who = people(scheme, {"ann": {}, "bob": {}, "cai": {}})
    results = Results({Account("bookings"): np.full((3, 12), 5)})
    assert pay(scheme, who, results).elements["best"][:, 0].tolist() == [33_34, 33_33, 33_33]


def test_the_examples_are_of_every_kind():
    assert max(SPLITS) == 3
    schemes = [any_scheme(np.random.default_rng(seed)) for seed in range(60)]
    kinds = {element.kind for scheme in schemes for element in scheme.elements.values()}
    assert len(kinds) == 7
    assert len(any_people(np.random.default_rng(1), schemes[0])) == 4


def test_another_year_before_is_another_goal_for_the_same_people():
    bonus = {"kind": "bonus", "amount": 100.0, "goal": "last year"}
    scheme = Scheme.model_validate({"elements": {"b": bonus}})
    who, sold = people(scheme), np.full((1, 12), 20_00)
    for least, won in ((20_00, 100_00), (21_00, 0), (20_00, 100_00)):
        before = {Account("bookings"): np.full((1, 12), least)}
        made = pay(scheme, who, Results({Account("bookings"): sold}, before=before))
        assert made.elements["b"].tolist() == [[won] * 4]
