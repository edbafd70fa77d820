"""Plots: one a file; each takes the thing to draw and returns a plotly figure."""

from evenfield.plots.territory_map import draw_territory_map

__all__ = ["draw_territory_map"]
