"""What is compiled of the luck of opportunities that arise: rows of it, without numba plain Python."""

import math

import numpy as np
from numba import njit

from simulation.luck.keyed import Purpose, uniform

BY_OPPORTUNITY = (
    *(Purpose.CUSTOMER_TIME, Purpose.PATIENCE, Purpose.PAYMENT, Purpose.VALUE),
    *(Purpose.CONVERSION, Purpose.UNATTENDED),
)
"""What random numbers of an opportunity are for."""

CUSTOMER_TIME, PATIENCE, PAYMENT, VALUE, CONVERSION, UNATTENDED = range(6)

EFFECTS = ("price", "win", "late_payment", "bad_debt", "decision_delay_days", "delivery_delay_days")
"""Effects of shocks on opportunities: factors, then delays."""

FACTORS = 4


@njit(cache=True)
def marks_of(keys, ids, stages):
    """Draw the marks that say how long things take, and how large orders are.

    Parameters
    ----------
    keys
        By `BY_OPPORTUNITY`.
    ids
        Of opportunities.
    stages
        How many there are.

    Returns
    -------
    Less a mark each: the customer's time and the patience of each stage, and the delay of payment,
    [opportunities, 2 x stages + 1]; and marks of the orders' values.
    """
    times = np.empty((len(ids), 2 * stages + 1))
    value = np.empty(len(ids))
    for o in range(len(ids)):
        for k in range(stages):
            times[o, 2 * k] = -uniform(keys[CUSTOMER_TIME], ids[o], k)
            times[o, 2 * k + 1] = -uniform(keys[PATIENCE], ids[o], k)
        times[o, 2 * stages] = -uniform(keys[PAYMENT], ids[o], 0)
        value[o] = uniform(keys[VALUE], ids[o], 0)
    return times, value


@njit(cache=True)
def fill(
    rows,
    steps,
    keys,
    ids,
    stream,
    arises,
    height,
    limit,
    logs,
    value,
    customer,
    line,
    is_new,
    amount,
    mean,
    delivery_days,
    payment_days,
    late_days,
    bad_debt,
    begins,
    ends,
    hits,
    lines,
    effects,
):
    """Write opportunities as rows.

    Parameters
    ----------
    rows, steps
        See `simulation.luck.opportunities`; what is written.
    keys, ids, stream, arises, height, limit
        By `BY_OPPORTUNITY`; the others as of `simulation.luck.demand_kernels.points_of`.
    logs, value
        Logarithms of the chance to last longer, in the columns of `marks_of`; amounts over their means.
    customer, line, is_new, amount
        Of the streams.
    mean
        Days the customer takes and is patient, [stages, 2].
    delivery_days, payment_days, late_days, bad_debt
        What is usual; the last three by customer.
    begins, ends, hits, lines, effects
        Of shocks that happen; effects by `EFFECTS`, [shocks, effects].
    """
    last = steps.shape[1] - 1
    factor = np.empty(effects.shape[1])
    for o in range(len(rows)):
        s, name = stream[o], ids[o]
        c = customer[s]
        for i in range(len(factor)):
            factor[i] = 1.0 if i < FACTORS else 0.0
        for e in range(len(begins)):
            if begins[e] <= arises[o] < ends[e] and hits[e, c] and lines[e, line[s]]:
                for i in range(len(factor)):
                    factor[i] = factor[i] * effects[e, i] if i < FACTORS else factor[i] + effects[e, i]
        price, win, late, lost = factor[0], factor[1], factor[2], factor[3]
        decision, delivery = factor[4], factor[5]
        row = rows[o]
        row["customer"], row["line"], row["is_new"] = c, line[s], is_new[s]
        row["arises"], row["height"], row["limit"] = arises[o], height[o], limit[o]
        row["amount"] = math.floor(amount[s] * value[o] * price * 100 + 0.5)
        row["unattended"], row["win"] = uniform(keys[UNATTENDED], name, 0), win
        row["delivery_days"] = delivery_days + delivery
        row["payment_days"] = payment_days[c] + late_days[c] * late * -logs[o, 2 * last + 2]
        row["never_pays"] = uniform(keys[PAYMENT], name, 1) < bad_debt[c] * lost
        row["doing"], row["stage"], row["booked_by"], row["held_next"] = 0, 0, -1, -1
        for k in range(last + 1):
            step = steps[o, k]
            step["mark"] = uniform(keys[CONVERSION], name, k)
            step["days"] = mean[k, 0] * -logs[o, 2 * k]
            step["patience"] = mean[k, 1] * -logs[o, 2 * k + 1]
        steps[o, last]["days"] += decision
