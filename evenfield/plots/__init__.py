"""Plots: one a file; each takes the thing to draw and returns a plotly figure."""

from evenfield.plots.attainment import draw_attainment
from evenfield.plots.bookings import draw_bookings
from evenfield.plots.capacity import draw_capacity
from evenfield.plots.differences import draw_differences
from evenfield.plots.frontier import draw_frontier, draw_plans
from evenfield.plots.headcount import draw_months, draw_next_seats
from evenfield.plots.hours import draw_hours
from evenfield.plots.potential import draw_potential
from evenfield.plots.quotas import draw_quotas
from evenfield.plots.rep_year import RepYear, draw_rep_year
from evenfield.plots.scheme_candidates import draw_candidates
from evenfield.plots.scheme_curves import draw_curves
from evenfield.plots.scheme_people import draw_people
from evenfield.plots.shortfall import draw_misses, draw_shortfall, draw_tails, tail_mean
from evenfield.plots.territory_map import draw_territory_map

__all__ = [
    "RepYear",
    "draw_attainment",
    "draw_bookings",
    "draw_candidates",
    "draw_capacity",
    "draw_curves",
    "draw_differences",
    "draw_frontier",
    "draw_hours",
    "draw_misses",
    "draw_months",
    "draw_next_seats",
    "draw_people",
    "draw_plans",
    "draw_potential",
    "draw_quotas",
    "draw_rep_year",
    "draw_shortfall",
    "draw_tails",
    "draw_territory_map",
    "tail_mean",
]
