"""Luck: what chance may bring in a year, drawn beforehand from keyed random numbers."""
