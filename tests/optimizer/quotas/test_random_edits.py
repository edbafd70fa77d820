"""What holds whatever edits of all kinds ask for, on random companies of eight people in three regions."""

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.quotas import apply_edits
from optimizer.quotas.asks import among
from optimizer.quotas.editing import find_clashing
from scenarios import NoPlanExists
from scenarios.quota_edits import Freeze, Gate, Limit, Move, Pin, QuotaEdits, Transfer

PEOPLE = [(f"r{k % 3}", f"p{k}") for k in range(8)]
KINDS = ("pin", "limit", "freeze", "move", "transfer", "gate")


def random_company(cube_of, draw):
    return cube_of([draw.integers(1, 200, (2, 2)) * (draw.random() > 0.1) for _ in PEOPLE], PEOPLE)


def random_edits(cube, draw, most=5):
    """Two and more edits, each near what the node has, so that about half of the sets can be kept."""
    names, found = cube.people.names, defaultdict(list)
    for _ in range(int(draw.integers(2, most))):
        node, other = (names[k] for k in draw.choice(np.arange(1, len(names)), 2, replace=False))
        cut = {"lines": ["X"]} if draw.random() < 0.3 else {}
        cut |= {"periods": ["Q1"]} if draw.random() < 0.3 else {}
        now = int(has(cube, node, tuple(cut.get("lines", ())), tuple(cut.get("periods", ()))))
        absorb = str(draw.choice(["siblings", "company", "nobody"], p=[0.7, 0.2, 0.1]))
        near = float(round(now * draw.uniform(0.8, 1.25)))
        kind = str(draw.choice(KINDS, p=[0.35, 0.2, 0.1, 0.1, 0.15, 0.1]))
        if kind == "pin":
            mix = str(draw.choice(["free", "keep"]))
            found[kind].append({"node": node, "amount": near, "mix": mix, "absorb": absorb, **cut})
        elif kind == "limit":
            side = str(draw.choice(["least", "most"]))
            found[kind].append({"node": node, side: near, "absorb": absorb, **cut})
        elif kind == "freeze":
            found[kind].append({"node": node, **cut})
        elif kind == "gate":
            rest = str(draw.choice(["siblings", "company", "strand"]))
            found[kind].append({"node": node, "lines": ["X"], "periods": ["Q1"], "rest": rest})
        elif not cube.people.holds(cube.people.find(node, ""), cube.people.find(other, "")) and (
            not cube.people.holds(cube.people.find(other, ""), cube.people.find(node, ""))
        ):
            if kind == "move":
                share = float(draw.choice([0.25, 0.5, 1]))
                found[kind].append({"from": [node], "to": {other: 1.0}, "share": share, **cut})
            else:
                amount = float(max(1, round(now * 0.2)))
                found[kind].append({"from": node, "to": other, "amount": amount, **cut})
    return QuotaEdits.model_validate(dict(found)).named()


def cells_of(cube, lines, periods):
    return np.outer(among(cube.lines, lines), among(cube.periods, periods))


def has(cube, node, lines=(), periods=()):
    return (cube.of_node(cube.people.find(node, "")) * cells_of(cube, lines, periods)).sum()


def plan(cube, edits):
    try:
        return apply_edits(cube, edits)
    except NoPlanExists:
        return None


def check_kept(before, edited, edit):
    """Hold what one edit asks for against the plan."""
    cube, cells = edited.cube, cells_of(before, edit.lines, edit.periods)
    if isinstance(edit, Pin):
        assert has(cube, edit.node, edit.lines, edit.periods) == edit.amount
    if isinstance(edit, Gate):
        assert has(cube, edit.node, edit.lines, edit.periods) == 0
    if isinstance(edit, Limit):
        amount = has(cube, edit.node, edit.lines, edit.periods)
        assert edit.least is None or amount >= edit.least
        assert edit.most is None or amount <= edit.most
    if isinstance(edit, Freeze):
        theirs = before.people.under(before.people.find(edit.node, ""))
        assert np.array_equal(cube.units[theirs][:, cells], before.units[theirs][:, cells])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_every_edit_is_kept_and_nothing_is_lost(cube_of, seed):
    draw = np.random.default_rng(seed)
    cube = random_company(cube_of, draw)
    edits = random_edits(cube, draw, 4)
    edited = plan(cube, edits)
    if edited is None:
        return
    assert (edited.cube.units >= 0).all()
    for edit in edits.values():
        check_kept(cube, edited, edit)
    assert edited.cube.total() == edited.wanted
    loose = [e for e in edits.values() if "nobody" in str(e) or "strand" in str(e)]
    if not loose:
        assert np.array_equal(edited.cube.of_node(0), cube.of_node(0))
    turned = {f"other {name}": edits[name] for name in reversed(edits)}
    assert np.array_equal(apply_edits(cube, turned).cube.units, edited.cube.units)
    if not any(isinstance(edit, Move | Transfer) for edit in edits.values()):
        assert np.array_equal(apply_edits(edited.cube, edits).cube.units, edited.cube.units)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["siblings", "company", "nobody"]))
def test_a_loose_limit_changes_nothing(cube_of, seed, absorb):
    draw = np.random.default_rng(seed)
    cube = random_company(cube_of, draw)
    edits = random_edits(cube, draw, 4)
    loose = {"node": str(draw.choice(cube.people.names)), "least": 0, "most": 10**6, "absorb": absorb}
    more = edits | QuotaEdits.model_validate({"limit": [{"name": "loose", **loose}]}).named()
    one, other = plan(cube, edits), plan(cube, more)
    assert (one is None) == (other is None)
    if one is not None:
        assert np.array_equal(one.cube.units, other.cube.units)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_a_clash_is_one_and_its_ways_out_hold(cube_of, seed):
    draw = np.random.default_rng(seed)
    cube = random_company(cube_of, draw)
    edits = random_edits(cube, draw, 6)
    clashes = find_clashing(cube, edits)
    assert bool(clashes) == (plan(cube, edits) is None)
    for clash in clashes:
        named = {name: edits[name] for name in clash.names}
        assert plan(cube, named) is None
        for name in named:
            assert plan(cube, {k: e for k, e in named.items() if k != name}) is not None
        others = {name for c in clashes if c is not clash for name in c.names}
        assert clash.ways
        for way in clash.ways:
            kept = {k: way.changes.get(k, e) for k, e in edits.items() if k not in others}
            assert plan(cube, {k: e for k, e in kept.items() if e is not None}) is not None
