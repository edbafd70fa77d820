"""Evenfield: plan a sales organization, play the year, compare and report."""

__version__ = "0.1.0"
