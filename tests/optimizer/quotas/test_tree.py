"""Trees of people: names, leaves in a row, common nodes."""

import pytest

from optimizer.quotas.tree import tree_of
from scenarios import InputError

PATHS = [("East", "Team 1", "ann"), ("East", "Team 2", "bob"), ("West", "Team 1", "cid"), ("West", "", "dee")]
LEVELS = ("company", "region", "team", "rep")


def test_leaves_under_a_node_stand_in_a_row():
    tree, at = tree_of(PATHS, LEVELS, "Acme")
    assert [tree.paths[k][-1] for k in tree.leaves[tree.under(tree.find("East", ""))]] == ["ann", "bob"]
    assert [tree.paths[tree.leaves[k]][-1] for k in at] == ["ann", "bob", "cid", "dee"]
    assert tree.under(0) == slice(0, 4)


def test_a_skipped_level_leaves_a_rep_a_rep():
    tree, _ = tree_of(PATHS, LEVELS, "Acme")
    dee = tree.find("dee", "")
    assert (tree.level_of(dee), int(tree.depth[dee])) == ("rep", 2)
    assert tree.level_of(tree.find("West", "")) == "region"


def test_a_node_is_called_by_the_shortest_end_that_is_its_own():
    tree, _ = tree_of(PATHS, LEVELS, "Acme")
    assert tree.names[tree.find("West/Team 1", "")] == "West/Team 1"
    assert tree.names[tree.find("Team 2", "")] == "Team 2"
    assert tree.find("Acme", "") == 0
    assert tree.common([tree.find("ann", ""), tree.find("bob", "")]) == tree.find("East", "")


def test_a_name_of_several_nodes_is_asked_back():
    tree, _ = tree_of(PATHS, LEVELS, "Acme")
    with pytest.raises(InputError, match="write one of Acme/East/Team 1, Acme/West/Team 1"):
        tree.find("Team 1", "edits, pin 1, node")
    with pytest.raises(InputError, match="perhaps East"):
        tree.find("Esat", "edits, pin 1, node")


def test_a_region_may_be_called_like_the_company_and_a_rep_like_a_region():
    tree, _ = tree_of([("Acme", "x"), ("East", "East")], ("company", "region", "rep"), "Acme")
    assert tree.find("Acme/Acme", "") == 1
    assert tree.names[tree.find("Acme/East/East", "")] == "East/East"
    assert len(set(tree.names)) == len(tree)


def test_a_rep_cannot_be_above_another():
    with pytest.raises(ValueError, match="above"):
        tree_of([("East",), ("East", "ann")], ("company", "region", "rep"), "Acme")
