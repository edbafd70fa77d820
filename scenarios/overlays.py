"""Overlays: product specialists who support the customers of primary reps, and what they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field, model_validator

from scenarios.behavior import Share
from scenarios.filters import fits
from scenarios.rules import EligibilityRule
from scenarios.settings import Settings, Stated, Where
from scenarios.table import Row

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

REP, CUSTOMER = "rep", "customer"
"""What has one specialist, besides columns of the reps."""


class Specialist(Row):
    """`specialists.csv`: people who support customers beside their reps, a row each."""

    specialist: str = Field(min_length=1, description="Key", pattern=r"^[^|;]+$")
    name: str = Field("", description="Name of the person")
    overlay: str = Field(min_length=1, description="Name of the overlay in `overlays.teams`")
    region: str = Field("", description="Sales region; may be named by rules")
    regions: str = Field("", description="List of regions, 'East;West'; may be named by rules")
    countries: str = Field("", description="List of countries; may be named by rules")
    segments: str = Field("", description="List of customer segments; may be named by rules")
    languages: str = Field("", description="List of languages spoken; may be named by rules")
    home: str = Field("", description="City the specialist lives in")
    latitude: float = Field(ge=-90, le=90, description="Latitude of the home, degrees")
    longitude: float = Field(ge=-180, le=180, description="Longitude of the home, degrees")
    hours_per_year: float = Field(gt=0, description="Hours for customers a year, travel included")
    share: float = Field(1.0, gt=0, le=1, description="Share of those hours that this overlay may take")
    pay: float = Field(0.0, ge=0, description="Pay a year, money; shown beside the plan, no part of its cost")


class Overlay(Stated):
    """A team of specialists beside the primary reps: whom it supports, how much, and who deals with whom."""

    name: str = Field(min_length=1, max_length=80, description="What people call it; specialists name it")
    lines: tuple[str, ...] = Field((), description="Product lines it supports; empty: all")
    where: Where = Field(
        {}, description='Customers it supports, by their columns, e.g. { segment = ["Corporate"] }'
    )
    line_sales_above: float = Field(
        0.0, ge=0, description="Only customers whose potential in these lines is more than this, money"
    )
    visits_per_year: float = Field(0.0, ge=0, description="Visits of the specialist to each customer a year")
    visits_share: float = Field(
        0.0, ge=0, le=1, description="Besides, this share of the customer's promised visits is joint"
    )
    hours_per_visit: float = Field(1.0, ge=0, description="Length of such a visit without travel, hours")
    hours_per_year: float = Field(
        0.0, ge=0, description="Hours of the specialist for each customer a year beside visits"
    )
    one_per: str = Field(
        REP,
        description=(
            "What has one specialist: rep (all customers of a rep), a column of reps.csv such as "
            "team or region (all customers of those reps), or customer"
        ),
    )
    eligibility: tuple[EligibilityRule, ...] = Field(
        (), description="Rules between columns of customers and of specialists, all must hold"
    )
    customers_at_most: int | None = Field(
        None, ge=0, description="Largest number of customers of a specialist; hard"
    )
    utilization_limit: float = Field(
        1.0, gt=0, description="Largest share of a specialist's hours that may be promised; hard"
    )
    makes_good: Share = Field(
        1.0, description="Share of what is lost by a rep's lack of skill in these lines that it saves"
    )


class Overlays(Settings):
    """`[overlays]`: specialists beside the primary reps."""

    teams: tuple[Overlay, ...] = Field((), description="The overlays; their people stand in specialists.csv")

    @model_validator(mode="after")
    def _names_are_given_once(self) -> Overlays:
        names = [team.name for team in self.teams]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two overlays have the same name: {', '.join(twice)}")
        return self


def supported(scenario: Scenario, overlay: Overlay) -> np.ndarray:
    """Say which customers an overlay supports."""
    customers = scenario.customers
    meant = fits(customers, overlay.where)
    if overlay.lines:
        share = scenario.line_mix[list(overlay.lines)].sum(axis=1)
        meant &= (customers["potential"] * share > overlay.line_sales_above).to_numpy()
    elif overlay.line_sales_above:
        meant &= (customers["potential"] > overlay.line_sales_above).to_numpy()
    return meant


def made_good(scenario: Scenario, line: str) -> np.ndarray:
    """Give the share of what lack of skill loses in a line that specialists save, by customer."""
    saved = np.zeros(len(scenario.customers))
    for overlay in scenario.overlays.teams:
        if not overlay.lines or line in overlay.lines:
            saved = np.maximum(saved, overlay.makes_good * supported(scenario, overlay))
    return saved
