"""Road factors: by code or name, within what was published, each either confirmed or marked as assumed."""

import pytest

from scenarios.road_factors import ASSUMED, CONFIRMED, LEAST, MOST, NAMES, ROAD_FACTORS, UNKNOWN, road_factor


def test_a_country_is_found_by_code_and_by_name():
    assert road_factor("US") == road_factor(" united states ") == road_factor("usa") == 1.20
    assert road_factor("Germany") == road_factor("de") == 1.32
    assert road_factor("England") == 1.40


def test_countries_in_no_table_have_the_assumption():
    assert road_factor("Atlantis") == road_factor("") == UNKNOWN == 1.25


@pytest.mark.parametrize("country", sorted(ROAD_FACTORS))
def test_every_factor_is_within_the_published_range_and_either_confirmed_or_assumed(country):
    assert LEAST <= ROAD_FACTORS[country] <= MOST
    assert (country in CONFIRMED) != (country in ASSUMED)


def test_every_name_leads_to_a_factor():
    assert set(NAMES.values()) <= set(ROAD_FACTORS)
