"""How wide a text is: Chinese, Japanese and Korean letters take two places."""

import unicodedata


def width(text: str) -> int:
    """Count the places a text takes in a column.

    Examples
    --------
    >>> width("Acme"), width("海尔 AG")
    (4, 7)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
