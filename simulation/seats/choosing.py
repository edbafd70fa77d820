"""How a seat's holder looks effort up. Compiled; without numba plain Python.

`now` is a `simulation.seats.state.State`, `now.year` a `simulation.behaving.effort.YearTable`.
"""

from simulation.seats.compiled import compiled


@compiled
def read(row, share):
    """Read a row at a share of its length, linear between points."""
    position = share * (len(row) - 1)
    left = min(int(position), len(row) - 2)
    rest = position - left
    return row[left] * (1 - rest) + row[left + 1] * rest


@compiled
def effort_of(now, seat, decision):
    """Look effort up by the bookings of the quarter and, where it depends on them, of the year so far."""
    year, quarter = now.year, now.decisions[decision]["quarter"]
    booked = now.booked[seat, quarter] / 100.0
    progress = min(booked / now.largest[seat, decision], 1.0)
    if len(year.kind) == 0:
        return read(now.choices[seat, decision], progress)
    before = now.booked[seat, :quarter].sum() / 100.0
    if year.kind[seat, decision] >= 0:
        table = year.effort[year.kind[seat, decision], decision]
        place = (before - year.first[seat, decision]) / year.apart[seat, decision]
        place = min(max(place, 0.0), len(table) - 1.0)
        low = min(int(place), len(table) - 2)
        share = place - low
        return read(table[low], progress) * (1 - share) + read(table[low + 1], progress) * share
    effort = read(now.choices[seat, decision], progress)
    if len(year.push) > 0:
        so_far = min((before + booked) / year.largest[seat], 1.0)
        effort = min(max(effort + read(year.push[seat, decision], so_far), year.least), year.most)
    return effort
