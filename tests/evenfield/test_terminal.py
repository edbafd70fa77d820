"""What people see while they wait."""

from evenfield.terminal import found_so_far


def test_only_what_is_known_is_shown():
    assert found_so_far(None, None, None, "USD") == ""
    assert found_so_far(None, 99.6, None, "USD") == "bound $100"
    assert found_so_far(2000.0, 1990.0, 0.005, "EUR") == "best €2,000, bound €1,990, gap 0.50%"
