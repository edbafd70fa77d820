"""Graphs: parts, links, separators."""

import numpy as np

from optimizer.areas.contiguity import components, graph_of, nearest_links, neighbors, separator


def test_parts_are_numbered_in_the_order_of_their_first_units() -> None:
    graph = graph_of(5, np.array([(3, 0), (4, 1), (1, 4)]))
    assert components(graph).tolist() == [0, 1, 2, 0, 1]
    assert components(graph, np.array([True, False, True, True, True])).tolist() == [0, -1, 1, 0, 2]


def test_a_separator_holds_only_what_is_in_the_way() -> None:
    # 0 - 1 - 2 - 3, and 4 that touches 3 alone: between 0 and 3 stands 2, not the dead end 4.
    graph = graph_of(5, np.array([(0, 1), (1, 2), (2, 3), (3, 4)]))
    assert neighbors(graph, [3]).tolist() == [2, 4]
    assert separator(graph, np.array([3]), 0).tolist() == [2]


def test_links_are_the_shortest_that_join_all() -> None:
    at = np.array([0.0, 1.0, 5.0, 6.0, 20.0])
    links = nearest_links(np.array([0, 0, 1, 1, 2]), np.abs(at[:, None] - at))
    assert sorted(map(tuple, links.tolist())) == [(1, 2), (3, 4)]
