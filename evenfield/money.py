"""Money as people write it: `$73,104,672` in a table, `$73.1 million` in a sentence."""

import math

SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "¥",
    "JPY": "JP¥",
    "INR": "₹",
    "CAD": "CA$",
    "AUD": "A$",
}
SIZES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def symbol(currency: str) -> str:
    """Give what is written before an amount.

    Parameters
    ----------
    currency
        ISO 4217 code. One without a well-known sign is written as it is: `"CHF "`.
    """
    return SYMBOLS.get(currency.upper(), f"{currency.upper()} " if currency else "")


def exact(amount: float, currency: str) -> str:
    """Write an amount to the whole unit, e.g. `-$1,200`; a missing one as an em dash."""
    if not math.isfinite(amount):
        return "—"
    sign = "-" if round(amount) < 0 else ""
    return f"{sign}{symbol(currency)}{abs(round(amount)):,}"


def to_the_cent(cents: int, currency: str) -> str:
    """Write an amount in cents, e.g. `-$1,200.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{symbol(currency)}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def short(amount: float, currency: str) -> str:
    """Write an amount to three digits, its size in words, e.g. `$73.1 million`; a missing one as a dash."""
    if not math.isfinite(amount):
        return "—"
    size, word = next(((size, f" {word}") for size, word in SIZES if abs(amount) >= 0.9995 * size), (1.0, ""))
    scaled = abs(amount) / size
    digits = 0 if scaled >= 99.95 or not word else 1 if scaled >= 9.995 else 2
    sign = "-" if float(f"{scaled:.{digits}f}") and amount < 0 else ""
    return f"{sign}{symbol(currency)}{scaled:,.{digits}f}{word}"
