"""The judge: the simulated year told plainly, one SimPy process for each thing that goes its own way."""

from simulation.reference.year import live_by_the_book

__all__ = ["live_by_the_book"]
