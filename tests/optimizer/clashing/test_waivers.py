"""Which rules would have to make an exception, as they stand together."""

from optimizer.clashing.waivers import waivers
from scenarios.building import build
from scenarios.permissions import eligible


def world(towns, **columns):
    towns.tables["customers"] = towns.tables["customers"].assign(region="", lock="").assign(**columns)
    towns.tables["reps"]["regions"] = ["sea", "hill"]
    towns.settings["rules"] = {
        "eligibility": [{"name": "region", "customer": "region", "rep": "regions"}],
        "accounts": [{"name": "stay", "kind": "stay", "customers": ["W1"]}],
    }
    return build(towns)


def asked(scenario, customer, rep):
    row, place = scenario.customers.index.get_loc(customer), scenario.reps.index.get_loc(rep)
    return {name for name, table in waivers(scenario).items() if table[row, place]}


def test_a_customer_may_go_where_no_exception_is_needed(towns):
    scenario = world(towns, region=["sea", "hill", "", "moon", "", ""], lock=["", "yes", "", "", "", ""])
    needed = sum(table.astype(int) for table in waivers(scenario).values())
    assert ((needed == 0) == eligible(scenario)).all()


def test_a_locked_customer_needs_two_exceptions_to_go_where_it_is_not_eligible(towns):
    scenario = world(towns, region=["", "moon", "hill", "", "", ""], lock=["", "yes", "yes", "", "", ""])
    assert asked(scenario, "W2", "West") == set()  # its owner, whatever eligibility says
    assert asked(scenario, "W2", "East") == {"locks", "region"}
    assert asked(scenario, "W3", "East") == {"locks"}


def test_a_customer_has_to_stay_once_its_owner_is_eligible_by_exception(towns):
    scenario = world(towns, region=["moon", "", "", "", "", ""])
    assert asked(scenario, "W1", "West") == {"region"}
    assert asked(scenario, "W1", "East") == {"region", "stay"}
    scenario = world(towns, region=["hill", "", "", "", "", ""])
    assert asked(scenario, "W1", "East") == set()  # its owner is not eligible, so that it need not stay
