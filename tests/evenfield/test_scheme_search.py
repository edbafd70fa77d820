"""Scheme design by search: candidates, weights that give way, the budget, the best and the frontier."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from evenfield import scheme_search
from evenfield.gaming import gaming
from evenfield.options import free_folder
from evenfield.scheme_candidates import Range, candidates_of, read_range, usual_ranges
from evenfield.scheme_designs import search_sheet, search_words
from evenfield.scheme_search import OBJECTIVE, listed, search_schemes
from optimizer import todays_book
from scenarios import InputError, read
from scenarios.behavior import Effort
from scenarios.scheme import Bonus, Commission, Scheme, Tier
from scenarios.scheme_files import read_scheme
from simulation.paying.outlook import Outlook

STEEP = Scheme(
    elements={
        "commission": Commission(weight=0.6, tiers=(Tier(at=0, rate=1), Tier(at=1, rate=2))),
        "quarterly": Bonus(weight=0.3),
        "yearly": Bonus(weight=0.1, period="year"),
    }
)


@pytest.fixture(scope="module")
def towns():
    plain = read("two_towns")
    market = plain.market.model_copy(update={"effort": Effort(reference_commission=0.1)})
    return plain.replace(market=market)


def test_weights_that_are_not_varied_give_way_in_proportion():
    [(_, one)] = candidates_of(STEEP, [read_range("commission.weight=0.8", STEEP)])
    assert [element.weight for element in one.elements.values()] == pytest.approx([0.8, 0.15, 0.05])


def test_every_combination_is_a_candidate():
    ranges = [
        read_range("commission.tiers.2.rate=1.5,2,3", STEEP),
        read_range("commission.cap=1.2,none", STEEP),
    ]
    found = candidates_of(STEEP, ranges)
    assert len(found) == 6
    assert found[0][1].elements["commission"].tiers[1].rate == 1.5
    assert found[1][1].elements["commission"].cap is None


def test_without_ranges_the_commission_is_varied():
    assert [one.name for one in usual_ranges(STEEP)] == [
        "commission.tiers.2.rate",
        "commission.weight",
        "commission.cap",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        "commision.cap=1,2",
        "commission.cap",
        "commission.cap=",
        "commission.tiers.9.rate=1",
        "commission.cup=1",
    ],
)
def test_what_cannot_be_varied_is_refused(wrong):
    with pytest.raises(InputError, match="--vary"):
        candidates_of(STEEP, [read_range(wrong, STEEP)])


def gain(view):
    """Of a rep with a quota of 100 and a target incentive of 20 a quarter."""
    return gaming([view], np.array([100.0]), np.array([20.0]))


def test_linear_pay_invites_nobody_to_move_deals_and_a_bonus_does():
    assert gain(Outlook(np.array([]), np.array([0.2]), np.array([]))) == pytest.approx(0)
    bonus = Outlook(np.array([100.0]), np.array([0.1, 0.1]), np.array([10.0]))
    # Who is ten short takes ten from a quarter that is lost, or safe: one bonus of 10 on a target of 20.
    assert gain(bonus) == pytest.approx(0.5)


def test_pay_that_begins_at_quota_invites_to_the_tenth_above_it():
    # Nothing below 100, 0.4 above: ten given by a quarter that is lost earn 4 of the target of 20 elsewhere.
    assert gain(Outlook(np.array([100.0]), np.array([0.0, 0.4]), np.array([0.0]))) == pytest.approx(0.2)


def test_who_has_no_quota_or_target_is_left_out_of_gaming():
    bonus = Outlook(np.array([100.0]), np.array([0.1, 0.1]), np.array([10.0]))
    assert gaming([bonus] * 3, np.array([100.0, 0, 100]), np.array([20.0, 20, 0])) == pytest.approx(0.5)


@pytest.fixture
def made_up(monkeypatch):
    """Years that are drawn: pay of 490, 494, ... 510 with a scatter of 30, margin rising with pay.

    `interrupt` comes in the call of that number for years; `asked` takes note of the calls.
    """

    def draw(seed, pay, *, interrupt=0, asked=None):
        asked = [] if asked is None else asked
        rng = np.random.default_rng(seed)
        common, own = rng.normal(0, 30, 640), rng.normal(0, 2, (len(pay), 640))

        def figures(scenario, plan, outcome):
            n, years = int(scenario), outcome.years
            columns = {"bookings": 1000 + 5 * n + common[years], "pay": pay[n] + common[years]}
            columns |= {"margin_after_pay": 300 + pay[n] / 2 + own[n][years]}
            return pd.DataFrame({**columns, "pay_for_territory": 0.5, "gaming": 0.1})

        def years_of(pairs, *, replications, since, **_):
            asked.append((sorted(pairs), since, replications))
            lived = SimpleNamespace(years=slice(since, replications), stopped="years done")
            if interrupt and len(asked) == interrupt:
                lived.stopped = "interrupted"
            return dict.fromkeys(pairs, lived)

        monkeypatch.setattr(scheme_search, "simulate_together", years_of)
        monkeypatch.setattr(scheme_search, "with_schemes", lambda _, schemes: {key: key for key in schemes})
        monkeypatch.setattr(scheme_search, "_figures", figures)
        return [({"pay": float(one)}, STEEP) for one in pay]

    return draw


def test_the_pay_of_the_best_is_within_the_budget(made_up):
    found = [search_schemes(None, None, made_up(s, range(490, 511, 4)), pay_budget=500.0) for s in range(20)]
    assert all(one.best is not None for one in found)
    assert sum(490 + 4 * one.best > 500 for one in found) <= 1
    for one in found:
        row = one.candidates.iloc[one.best]
        assert row["pay_known"] + row["pay_half_width"] <= 500
        assert row["within"] == "yes"


def test_what_may_be_above_the_budget_is_named_as_unsure(made_up):
    # After 640 years the pay of 500 is known to 3: nobody can say that it is within 500.5. That of 480 is.
    found = search_schemes(None, None, made_up(0, [480, 500]), pay_budget=500.5)
    assert (found.best, found.unsure) == (0, 1)
    ranges = [Range("", "pay", ())]
    found = dataclasses.replace(found, candidates=found.candidates.assign(**{".pay": [480.0, 500.0]}))
    words = search_words(found, ranges, 500.5)
    assert words["unsure_of_budget"] is not None
    *_, said = search_sheet(read("two_towns"), found, ranges, "").answer
    assert "of those surely within the pay budget" in said
    assert "Unsure is number 2, .pay = 500" in said
    alone = search_schemes(None, None, made_up(0, [500]), pay_budget=500.5)
    assert (alone.best, alone.unsure) == (None, 0)


def test_no_year_is_simulated_twice(made_up):
    # The pay of 500 may be above 503, so that it lives through more years than the first 32.
    asked = []
    search_schemes(None, None, made_up(1, range(490, 511, 4), asked=asked), pay_budget=503.0)
    assert len(asked) > 1
    lived = {}
    for which, since, until in asked:
        for name in which:
            assert lived.get(name, 0) == since
            lived[name] = until
    assert min(lived.values()) == 32
    assert max(lived.values()) > 32


def test_who_interrupts_a_search_hears_who_is_ahead(made_up):
    made = made_up(1, range(490, 511, 4), interrupt=2)
    found = search_schemes(None, None, made, pay_budget=520.0)
    assert found.is_interrupted
    assert found.selection is None
    # Margin rises by half of pay, with a scatter of 2: 510 is ahead of 506 by 2, and within 520 +- 15 or not.
    means = found.candidates["margin_after_pay"]
    able = found.candidates["within"] == "yes"
    assert found.best == means[able].idxmax()
    ranges = [Range("", "pay", ())]
    found = dataclasses.replace(found, candidates=found.candidates.assign(**{".pay": means}))
    *_, said = search_sheet(read("two_towns"), found, ranges, "").answer
    assert said.startswith("Interrupted after ")
    assert "of 6 candidates, 32 of each at least" in said
    assert "is ahead so far" in said
    assert search_words(found, ranges, 520.0)["interrupted"]


def test_an_interrupt_before_all_have_years_leaves_nothing(made_up, monkeypatch):
    made = made_up(1, [490, 494])

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(scheme_search, "simulate_together", interrupted)
    with pytest.raises(KeyboardInterrupt):
        search_schemes(None, None, made)


def test_a_search_finds_the_best_within_the_budget(towns):
    ranges = [read_range("commission.tiers.2.rate=1,2,4", STEEP)]
    plan = todays_book(towns)
    free = search_schemes(towns, plan, candidates_of(STEEP, ranges), most=64)
    table = free.candidates
    assert (table["within"] == "yes").all()
    assert table["best"].sum() == 1
    assert table["on_frontier"].any()
    assert (np.diff(table["pay"]) > 0).all()
    tight = search_schemes(
        towns, plan, candidates_of(STEEP, ranges), pay_budget=float(table["pay"][0]) * 1.001, most=64
    )
    assert tight.best is None or tight.candidates["within"][tight.best] == "yes"
    none = search_schemes(towns, plan, candidates_of(STEEP, ranges), pay_budget=1.0, most=64)
    assert none.best is None
    assert not none.candidates["best"].any()


def test_candidates_are_listed_by_the_years_that_all_have():
    pay = {0: [10.0, 20.0], 1: [11.0, 21.0, 90.0, 90.0]}
    names = ("bookings", "pay", "pay_for_territory", "gaming", OBJECTIVE)
    tables = {n: pd.DataFrame(dict.fromkeys(names, values)) for n, values in pay.items()}
    table = listed([({"a.cap": n}, STEEP) for n in pay], tables, None, 1)
    assert list(table["years"]) == [2, 4]
    assert list(table["pay"]) == [15.0, 16.0]


def test_the_command_searches_and_saves(run, tmp_path):
    vary = ["--vary", "commission.cap=1.2,none", "--replications", "64", "--workers", "1"]
    named = ["--scheme", "straight-commission", "--search", *vary]
    code, out, _ = run("schemes", "two_towns", *named, "--json", "--out", str(tmp_path))
    assert code == 0
    words = json.loads(out)
    assert len(words["candidates"]) == 2
    assert words["best"]["elements"]["commission"]["kind"] == "commission"
    page = (tmp_path / "search.html").read_text(encoding="utf-8")
    assert "--replications 64" in page
    assert "--seed 1" in page
    best = read_scheme(str(tmp_path / "best.toml"))
    assert best.model_dump(mode="json") == words["best"]
    code, _, err = run("schemes", "two_towns", "--scheme", "straight-commission", *vary)
    assert code == 2
    assert "--search" in err


@pytest.mark.parametrize("mode", ["constant", "closed form"])
def test_a_search_says_so_where_nobody_answers(run, tmp_path, mode):
    change, found = tmp_path / "mode.toml", tmp_path / "found"
    change.write_text(f'title = "Mode"\n[set.market.effort]\nmode = "{mode}"\n', encoding="utf-8")
    vary = ["--vary", "commission.cap=1.2,none", "--replications", "32", "--workers", "1"]
    named = ["--change", str(change), "--scheme", "straight-commission", "--search", *vary]
    code, _, err = run("schemes", "two_towns", *named, "--out", str(found))
    assert code == 0
    assert ("effort is constant" in err) == (mode == "constant")
    page = (found / "search.html").read_text(encoding="utf-8")
    assert ("effort is constant" in page) == (mode == "constant")
    words = json.loads((found / "search.json").read_text(encoding="utf-8"))
    assert words["reps_answer"] == (mode != "constant")


@pytest.mark.parametrize("vary", ["prize.at_least=0,1", "commission.gates.1.at_least=0.7,0.8"])
def test_what_reps_do_not_see_is_not_searched(vary):
    elements = {
        "commission": {
            "kind": "commission", "weight": 1.0, "gates": [{"measure": "satisfaction", "at_least": 0.8}],
        },
        "prize": {"kind": "contest", "prizes": [100.0]},
    }  # fmt: skip
    scheme = Scheme.model_validate({"elements": elements})
    with pytest.raises(InputError, match="do not see this"):
        read_range(vary, scheme)
    assert read_range("commission.most_pay=100,none", scheme).values == (100.0, None)


def test_what_is_no_key_is_said_once_with_the_keys_there_are():
    ranges = [read_range(text, STEEP) for text in ("commission.cup=1,2", "commission.tiers.9.rate=1,2")]
    with pytest.raises(InputError) as caught:
        candidates_of(STEEP, ranges)
    first, second = map(str, caught.value.problems)
    assert "there is no key cup here; there are" in first
    assert "commission.cup" in first
    assert "there is no number 9; the list has 2" in second


def test_values_that_are_wrong_are_said_once_with_their_place():
    with pytest.raises(InputError) as caught:
        candidates_of(STEEP, [read_range("commission.cap=-1,-1,2", STEEP)])
    [said] = map(str, caught.value.problems)
    assert "elements.commission" in said
    assert "cap" in said.split("found")[0]
    assert "and so in 1 more candidates" in said


def test_who_cannot_be_told_from_the_best_is_named(made_up):
    found = search_schemes(None, None, made_up(0, [500, 500, 400]), most=40)
    running = dataclasses.replace(found.selection, left=(0, 1), decided=False)
    found = dataclasses.replace(
        found,
        candidates=found.candidates.assign(**{".pay": [500.0, 500.1, 400.0]}),
        selection=running,
        best=0,
    )
    *_, said = search_sheet(read("two_towns"), found, [Range("", "pay", ())], "").answer
    assert "Number 1, .pay = 500: ahead, but not told apart yet from number 2 (.pay = 500.1), by" in said


def test_each_question_has_its_own_folder(tmp_path):
    usual = tmp_path / "a-search"
    assert free_folder(usual, "search.json", "one", None) == usual
    for name, question in (("a-search", "one"), ("a-search-2", "two")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "search.json").write_text(json.dumps({"question": question}), encoding="utf-8")
    folders = [free_folder(usual, "search.json", q, None).name for q in ("one", "two", "three")]
    assert folders == ["a-search", "a-search-2", "a-search-3"]
    assert free_folder(usual, "search.json", "three", usual) == usual
