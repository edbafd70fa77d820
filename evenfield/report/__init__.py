"""The report: one HTML file that opens anywhere, offline, and says what was found."""

from evenfield.report.page import write
from evenfield.report.sentences import answer

__all__ = ["answer", "write"]
