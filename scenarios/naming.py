"""Names that nothing has: how a message says so, with the names that come nearest."""

import difflib
from collections.abc import Iterable

MOST, LIKE = 3, 0.6
"""Names suggested at most, and how like the one given they must be (1: equal)."""

MANY = 5_000
"""Names beyond which none are suggested, since looking takes too long."""


def no_such(what: str, file: str, name: str, known: Iterable[str]) -> str:
    """Say that a file has nothing of a name, and what may have been meant."""
    return f"no such {what} in {file}{near(name, known) or '; correct it or take it out'}"


def near(name: str, known: Iterable[str]) -> str:
    """Suggest names that are like one: "; did you mean 'a' or 'b'?", or nothing."""
    known = list(known)
    if len(known) > MANY:
        return ""
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(str(one).casefold(), str(one))
    like = difflib.get_close_matches(name.casefold(), folded, MOST, LIKE)
    if not like:
        return ""
    return "; did you mean " + " or ".join(f"'{folded[one]}'" for one in like) + "?"
