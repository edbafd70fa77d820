"""The proof of a bound in plain arrays, so that anyone can recompute it in five lines of NumPy."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from optimizer.core.assignment import Measure, Problem
from optimizer.core.books import compile_books
from optimizer.core.bound import value_of
from optimizer.core.certificate import Certificate, UnitPrices
from optimizer.core.rows import compile_rows

COMPANY = ""
"""Whose limit a budget is: nobody's in particular."""

NOISE = 1e-6
"""A price below this is none."""


def proof(problem: Problem, certificate: Certificate, reps: pd.Index) -> dict[str, np.ndarray]:
    """Write down pairs, limits and prices as plain arrays.

    With `c` for the answer, the bound is::

        reduced = c["cost"] + np.bincount(c["pair"], c["price"][c["row"]] * c["amount"], len(c["cost"]))
        bound = np.minimum.reduceat(reduced, c["starts"][:-1]).sum()
        bound -= (c["price"] * np.where(c["price"] > 0, c["upper"], c["lower"]))[c["price"] != 0].sum()

    It is true for whatever prices are within `most` (abs(c["price"]) <= c["most"]). A price on a limit that
    does not exist makes it -inf; there are none here.

    Returns
    -------
    - starts: first pair of each unit, and the number of pairs; cost, rep: one entry a pair;
    - pair, row, amount: one entry where a pair adds to a row, one row a limit;
    - price, lower, upper, most: one entry a row: the price of one more unit, the limits, and the price beyond
      which the limit would rather be left (inf: it is hard);
    - measure, of: one entry a row, what is limited and whose limit it is (a rep; "" for one over all);
    - reps: their names.

    Where prices of units prove more (`optimizer.core.knapsack`), also

    - kept: name of the measure whose limits every rep's book keeps, its price above being of no account;
    - unit_price: price of each unit; unit: what the amounts of that measure are multiples of.

    Rows without any limit are left out.
    """
    rows = compile_rows(problem)
    names = np.array([*(m.name for m in problem.measures), *(b.name for b in problem.budgets)], dtype=str)
    people = np.array([*map(str, reps), COMPANY], dtype=str)
    price = np.clip(rows.prices(problem, certificate), -rows.price, rows.price)
    price = np.where(np.isfinite(rows.upper), price, np.minimum(price, 0.0))
    price = np.where(np.isfinite(rows.lower), price, np.maximum(price, 0.0))
    arrays = {
        "starts": rows.starts,
        "cost": rows.cost,
        "rep": rows.rep.astype(np.int32),
        "pair": np.repeat(np.arange(len(rows.cost), dtype=np.int32), np.diff(rows.entries)),
        "row": rows.row,
        "amount": rows.amount * rows.scale[rows.row],
        "price": price / rows.scale,
        "lower": rows.lower * rows.scale,
        "upper": rows.upper * rows.scale,
        "most": rows.price / rows.scale,
        "measure": names[rows.source] if len(names) else names,
        "of": people[rows.seat],
        "reps": people[:-1],
    }
    units = certificate.units
    books = None if units is None else compile_books(problem, problem.measure(units.measure))
    if units is None or books is None:
        return arrays
    return arrays | {
        "kept": np.array(units.measure), "unit_price": units.price, "unit": np.array(books.unit)
    }  # fmt: skip


def recompute(arrays: Mapping[str, np.ndarray]) -> float:
    """Recompute the bound that a proof proves, with prices of units where it has them.

    Parameters
    ----------
    arrays
        As `proof` writes them; what `numpy.load` reads from a plan's `certificate.npz`.
    """
    price, row, amount = arrays["price"], arrays["row"], arrays["amount"]
    price = np.clip(price, -arrays["most"], arrays["most"])
    paid, measures, units = np.ones(len(price), dtype=bool), [], None
    reps, pairs = len(arrays["reps"]), len(arrays["cost"])
    if "kept" in arrays:
        name = str(arrays["kept"])
        kept = (arrays["measure"] == name) & (arrays["of"] != COMPANY)
        seat = np.array([list(arrays["reps"]).index(of) for of in arrays["of"][kept]], dtype=np.int64)
        lower, upper = np.full(reps, -np.inf), np.full(reps, np.inf)
        lower[seat], upper[seat] = arrays["lower"][kept], arrays["upper"][kept]
        load = np.bincount(arrays["pair"][kept[row]], amount[kept[row]], pairs)
        measures.append(Measure(name, load, lower, upper))
        units, paid = UnitPrices(name, arrays["unit_price"]), ~kept
    entries = paid[row]
    cost = arrays["cost"] + np.bincount(
        arrays["pair"][entries], (price[row] * amount)[entries], pairs
    )  # fmt: skip
    limit = np.where(price > 0, arrays["upper"], arrays["lower"])
    due = paid & (price != 0)
    count = len(arrays["starts"]) - 1
    unit = np.repeat(np.arange(count), np.diff(arrays["starts"]))
    rest = Problem(count, reps, unit, arrays["rep"], cost, tuple(measures))
    free = {measure.name: np.zeros(reps) for measure in measures}
    return value_of(rest, Certificate(free, {}, units)) - float(price[due] @ limit[due])


def price_table(certificate: Certificate, reps: pd.Index) -> pd.DataFrame:
    """List what one more unit of each limit costs or is worth.

    Returns
    -------
    Columns measure, rep ("" for a limit over all) and price (money a unit: above 0 where less may be had than
    would be good, below 0 where more must be), of the limits that bind.
    """
    parts = [
        pd.DataFrame({"measure": name, "rep": [str(rep) for rep in reps], "price": price})
        for name, price in certificate.measures.items()
    ]
    over_all = [(name, COMPANY, price) for name, price in certificate.budgets.items()]
    columns = ["measure", "rep", "price"]
    table = pd.concat([*parts, pd.DataFrame(over_all, columns=columns)], ignore_index=True)
    return table[table["price"].abs() > NOISE].reset_index(drop=True)
