"""Rates and shares with as many digits as it takes for a calculator to get the cent that was paid."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from simulation.paying.exact import MILLION, half_up

DIGITS = 12
"""Most digits behind the point."""


def told(rates: Sequence[Fraction], amounts: Sequence[int], total: int, least: int) -> list[Fraction]:
    """Round rates so that the sum of their products with amounts comes to a total.

    Parameters
    ----------
    rates
        Exact; where the products of the exact ones miss the total, since amounts were rounded, the last rate
        gives way.
    amounts
        Whole units of each; the last is not 0.
    total
        What the products add up to, rounded half up.
    least
        Digits behind the point to begin with.
    """
    given = list(rates)
    if _sum(given, amounts) != total:
        rest = total - sum((r * a for r, a in zip(given[:-1], amounts[:-1], strict=True)), Fraction(0))
        given[-1] = rest / amounts[-1]
    rounded = given
    for digits in range(least, DIGITS + 1):
        rounded = [Fraction(half_up(rate * 10**digits), 10**digits) for rate in given]
        if _sum(rounded, amounts) == total:
            break
    return rounded


def decimal(value: Fraction) -> str:
    """Write a number that has at most `DIGITS` digits behind the point."""
    return f"{Decimal(half_up(value * 10**DIGITS)).scaleb(-DIGITS):,f}".rstrip("0").rstrip(".")


def percent(value: Fraction) -> str:
    """Write a share in percent, all digits."""
    return f"{decimal(value * 100)}%"


def factor(millionths: int) -> str:
    """Write a factor or a score, given in millionths, all digits."""
    return decimal(Fraction(millionths, MILLION))


def _sum(rates: Sequence[Fraction], amounts: Sequence[int]) -> int:
    return half_up(sum((r * a for r, a in zip(rates, amounts, strict=True)), Fraction(0)))
