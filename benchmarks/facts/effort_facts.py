"""How effort answers pay: facts F1 to F5 and F8 to F12."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from benchmarks.facts.fact import Fact, Maker, Row, within
from benchmarks.facts.laboratory import (
    BONUS,
    DAILY,
    LINEAR,
    PATIENT,
    QUOTA,
    RATE,
    WEEKLY,
    Place,
    closed,
    curve,
    live,
    lives,
    program,
    tables,
)

SALES, SHARES, EFFORT = 0.01, 0.02, 0.02
"""How far ours may be from a published size."""

SETTING = (
    "Reps sell 1 a week at effort 1; 13 weeks, quota 13, target incentive 8 % of it, normal scatter of a "
    "quarter's bookings 25 %, elasticity .34, least effort .5, most 2.5, patience 1 "
    "(as where the sizes come from; that of scenarios is .97). "
)
ENGINES = (
    " *Program*: dynamic program, a decision a week. *Closed form*: as if effort could change at any moment"
    " and had no limit, read seven times a week and cut at 2.5; the sizes were found so."
)
SIZES = " Sizes: a prototype of the closed form with the same parameters."
CHUNG = (
    "D. Chung, T. Steenburgh, K. Sudhir, *Do bonuses enhance sales productivity? A dynamic structural "
    "analysis of bonus-based compensation plans*, Marketing Science 33 (2014)."
)


def around(figure: str, size: float, width: float, ours: float) -> Row:
    """Make a row of a published size."""
    return within(figure, f"{size:g}", (size - width, size + width), ours)


def more(figure: str, published: str, least: float, ours: float) -> Row:
    """Make a row that holds where ours is larger."""
    return Row(figure, published, (least, np.inf), float(ours), bool(ours > least))


def said(figure: str, published: str, ours: float) -> Row:
    """Make a row that only informs."""
    return Row(figure, published, None, float(ours), True)


def linear_pay(thorough: bool) -> Fact:
    """F1: linear pay makes constant effort."""
    rows = []
    for aversion in (0.0, 1.0, 2.0):
        wary = replace(PATIENT, risk_aversion=aversion)
        for engine, ours in lives(LINEAR, thorough, wary).items():
            weeks = ours.by_week
            name = f"{engine}, risk aversion {aversion:g}: "
            rows.append(around(name + "least weekly mean effort", 1.0, 0.005, weeks.min()))
            rows.append(around(name + "largest weekly mean effort", 1.0, 0.005, weeks.max()))
            if aversion == 0:
                rows.append(around(name + "sales", 1.0, SALES, ours.sales))
                rows.append(around(name + "share at quota", 0.5, SHARES, ours.share(1)))
    few = replace(WEEKLY, deal=0.8)
    for aversion in (0.0, 2.0):
        wary = replace(PATIENT, risk_aversion=aversion)
        ours = live(tables(program(few, wary, LINEAR)), few, 16_000)
        name = f"program, few deals of very different size, risk aversion {aversion:g}: mean effort"
        rows.append(said(name, "", ours.effort.mean()))
    return Fact(
        "F1",
        "Linear pay makes effort constant, whatever people think of risk",
        "B. Holmstrom, P. Milgrom, *Aggregation and linearity in the provision of intertemporal"
        " incentives*, Econometrica 55 (1987).",
        SETTING
        + "8 % commission, credited at booking; risk aversion 0, 1, 2 per target incentive."
        + ENGINES,
        tuple(rows),
        "Risk aversion leaves effort alone because effort moves the mean of normal bookings and not their "
        "scatter. Where effort brings more deals, as in the simulated year, it brings more scatter with "
        "them, and who fears risk works a little less: the last row.",
    )


def response_to_rates(thorough: bool) -> Fact:
    """F2: incentives raise output, with elasticity .34."""
    rows = [
        around(f"{engine}, commission {share * RATE:.0%}: sales", size, SALES, ours.sales)
        for share, size in ((0.0, 0.83), (1.0, 1.0), (2.0, 1.17))
        for engine, ours in lives(curve([], [share]), thorough).items()
    ]
    return Fact(
        "F2",
        "Incentives raise output; the elasticity of sales is .34",
        "S. Albers, M. Mantrala, S. Sridhar, *Personal selling elasticities: a meta-analysis*, Journal of "
        "Marketing Research 47 (2010)." + SIZES,
        SETTING + "Commission of 0, 8 and 16 % of bookings." + ENGINES,
        tuple(rows),
    )


def chasing(thorough: bool) -> Fact:
    """F3: a bonus is chased when near, given up when far, and rested on when safe."""
    paces = np.array([0.5, 0.7, 0.85, 1.0, 1.1, 1.3])
    sizes = (0.62, 1.40, 1.90, 1.66, 1.35, 0.80)
    policies = {
        "closed form": closed(DAILY, PATIENT, BONUS)(63, paces * 9 / 13),
        "program": tables(program(WEEKLY, PATIENT, BONUS))(9, paces * 9 / 13),
    }
    rows = []
    for engine, found in policies.items():
        for pace, size, ours in zip(paces, sizes, found, strict=True):
            name = f"{engine}: effort after week 9 at pace {pace:g}"
            known = engine == "closed form"
            rows.append(around(name, size, EFFORT, ours) if known else said(name, f"{size:g}", ours))
        top = int(found.argmax())
        rising = all(a < b for a, b in pairwise(found[: top + 1]))
        falling = all(a > b for a, b in pairwise(found[top:]))
        holds = rising and falling and 0.7 < paces[top] < 1
        name = f"{engine}: pace of most effort, rising to it and falling from it"
        rows.append(Row(name, "below 1", (0.7, 1.0), float(paces[top]), bool(holds)))
    return Fact(
        "F3",
        "A bonus at quota is chased when near, given up when far and rested on when safe",
        CHUNG + " K. Jerath, F. Long, *Multiperiod contracting and salesperson effort profiles*, Journal of "
        "Marketing Research 57 (2020)." + SIZES,
        SETTING + "A bonus of the target incentive at quota. Effort after week 9 by pace (bookings against "
        "9)."
        + ENGINES,
        tuple(rows),
        "The program is right where people decide weekly and have a limit, as in the simulated year: at pace "
        ".7 it chases less, for the closed form counts on efforts of 10 and more in the last hours before "
        "quota, which nobody can give. With more decisions a week and no limit the program's figures go to "
        "those of the closed form, the gap falling with the root of the time between decisions "
        "(`tests/simulation/behaving/test_dynamic.py`).",
    )  # fmt: skip


def bunching(thorough: bool) -> Fact:
    """F4: attainments bunch just above quota."""
    rows = []
    linear, bonus = lives(LINEAR, thorough), lives(BONUS, thorough)
    for engine in linear:
        line, jump = linear[engine], bonus[engine]
        ratio, even = (ours.share(1, 1.05) / ours.share(0.95, 1) for ours in (jump, line))
        band = (1.7, 2.1) if engine == "closed form" else (1.4, 2.2)
        name = f"{engine}, bonus: "
        rows.append(within(name + "mass in [1, 1.05) over [.95, 1)", "1.9", band, ratio))
        rows.append(around(name + "mass in [.85, .95)", 0.060, SHARES, jump.share(0.85, 0.95)))
        name = f"{engine}, linear pay: "
        rows.append(within(name + "mass in [1, 1.05) over [.95, 1)", "1.04", (0.94, 1.14), even))
        rows.append(around(name + "mass in [.85, .95)", 0.148, SHARES, line.share(0.85, 0.95)))
    return Fact(
        "F4",
        "Attainments bunch just above the quota",
        "R. Freeman, W. Huang, T. Li, *Non-linear incentives and worker productivity and earnings: evidence"
        " from a quasi-experiment*, NBER working paper 25507 (2019)." + SIZES,
        SETTING + "Bonus of the target incentive at quota against 8 % commission." + ENGINES,
        tuple(rows),
        "With weekly decisions the pile is flatter: nobody answers the luck of the last week any more."
        " Under linear pay attainments are symmetric around 1, so the two masses are the same; 1.04 was"
        " luck.",
    )


def hockey_stick(thorough: bool) -> Fact:
    """F5: no hockey stick for patient reps, one with impatience."""
    rows = []
    for engine, ours in lives(BONUS, thorough).items():
        weeks, name = ours.by_week, f"patience 1, {engine}: "
        rows.append(_sized(engine, name + "mean effort of weeks 1 to 10", 1.23, weeks[:10].mean()))
        rows.append(
            within(name + "largest less least of weeks 1 to 10", "0 (flat)", (0.0, 0.02), np.ptp(weeks[:10]))
        )
        rows.append(within(name + "last week less week 1", "not above 0", (-0.5, 0.01), weeks[-1] - weeks[0]))
    for engine, ours in lives(BONUS, thorough, replace(PATIENT, weekly_patience=0.97)).items():
        weeks, name = ours.by_week, f"patience .97, {engine}: "
        for week, size in ((1, 1.0), (4, 1.06), (7, 1.12), (10, 1.19)):
            width = EFFORT if engine == "closed form" else 2 * EFFORT
            rows.append(around(f"{name}week {week}", size, width, weeks[week - 1]))
        rise = np.diff(weeks[:10]).min()
        rows.append(more(name + "least rise from week to week, weeks 1 to 10", "> 0", 0.0, rise))
    for engine, ours in lives(BONUS, thorough, replace(PATIENT, present_bias=0.7)).items():
        weeks, name = ours.by_week, f"present bias .7, {engine}: "
        rows.append(_sized(engine, name + "week 1", 1.01, weeks[0]))
        rows.append(_sized(engine, name + "last week", 1.12, weeks[-1]))
        rows.append(
            more(name + "last week less the highest before", "> 0", 0.0, weeks[-1] - weeks[:-1].max())
        )
    return Fact(
        "F5",
        "Patient reps make no hockey stick; impatience makes one",
        "S. Jain, *Self-control and incentives: an analysis of multiperiod quota plans*, Marketing Science "
        "31 (2012)." + SIZES,
        SETTING + "Bonus at quota; patience 1, .97 a week, and a present bias of .7 for what is more than a "
        "week away." + ENGINES,
        tuple(rows),
        "Effort of a patient rep is a martingale under any plan until its limit binds in the last weeks. The "
        "program works a little more from the start than the closed form, for it knows that it cannot do "
        "everything at the end. Under present bias its last week stands out more: all of that week is "
        "decided at once, without the bias.",
    )  # fmt: skip


def _sized(engine: str, name: str, size: float, ours: float) -> Row:
    """Test a size where it was found by the same engine; else say it."""
    return around(name, size, EFFORT, ours) if engine == "closed form" else said(name, f"{size:g}", ours)


def caps(thorough: bool) -> Fact:
    """F8: a cap cuts effort."""
    free = lives(LINEAR, thorough)
    rows = []
    for cap, sales, gain in (
        (1.0, 0.934, 0.070),
        (1.1, 0.955, 0.046),
        (1.2, 0.972, 0.028),
        (1.33, 0.987, 0.012),
    ):
        for engine, ours in lives(curve([cap], [1, 0]), thorough).items():
            name = f"{engine}, cap at {cap:.0%}: "
            lifted = free[engine].sales / ours.sales - 1
            rows.append(around(name + "sales", sales, SALES, ours.sales))
            rows.append(around(name + "gain of lifting it", gain, SALES, lifted))
            if cap == 1.0:
                last = ours.place.a_week
                above = ours.booked[-1 - last] >= 1.05 * QUOTA
                name += "last week's effort of those 5 % above it"
                rows.append(around(name, 0.506, EFFORT, ours.effort[-last][above].mean()))
                rows.append(
                    around(name + ", without cap", 1.0, EFFORT, free[engine].effort[-last][above].mean())
                )
    return Fact(
        "F8",
        "A cap cuts effort; lifting it raises sales",
        "S. Misra, H. Nair, *A structural model of sales-force compensation dynamics: estimation and field "
        "implementation*, Quantitative Marketing and Economics 9 (2011): cap and quota lifted together, +8 % "
        "predicted, +9 % found." + SIZES,
        SETTING + "8 % commission, capped at 100, 110, 120 and 133 % of quota, against none." + ENGINES,
        tuple(rows),
    )  # fmt: skip


def ratchet(thorough: bool) -> Fact:
    """F9: who believes that the next quota follows sales holds back."""
    rows = []
    changes: dict[str, list[float]] = {"program": [], "closed form": []}
    for belief, sales, share in (
        (0.0, 1.0, 0.50),
        (0.3, 0.978, 0.47),
        (0.6, 0.959, 0.43),
        (0.9, 0.943, 0.40),
    ):
        harder = lives(curve([1.1], [1 / 1.1, (1 - belief) / 1.1]), thorough)
        for engine, ours in lives(curve([1], [1, 1 - belief]), thorough).items():
            name = f"{engine}, believed pass-through {belief:g}: "
            rows.append(around(name + "sales", sales, SALES, ours.sales))
            rows.append(around(name + "share at quota", share, SHARES, ours.share(1)))
            changes[engine].append(harder[engine].sales / ours.sales - 1)
    for engine, effects in changes.items():
        name = f"{engine}, quota +10 %: sales of those who believe "
        rows.append(within(name + "0", "below 0", (-0.1, -0.005), effects[0]))
        rows.append(within(name + ".9", "above 0", (0.005, 0.1), effects[3]))
        name = f"{engine}, quota +10 %: sales, mean of the four beliefs"
        rows.append(within(name, "about 0", (-SALES, SALES), float(np.mean(effects))))
    return Fact(
        "F9",
        "Who believes in the ratchet holds back above quota",
        "M. Weitzman, *The ratchet principle and performance incentives*, Bell Journal of Economics 11 "
        "(1980); F. Brahm, J. Poblete, *Incentives and ratcheting in a multiproduct firm: a field "
        "experiment*, Management Science 64 (2018)." + SIZES,
        SETTING + "8 % commission; reps believe that of what they sell above this quota a share of 0, .3, .6 "
        "or .9 comes on top of the next one, and with it that share of the commission goes. Then the quota "
        "10 % higher, the incentive at quota the same." + ENGINES,
        tuple(rows),
        "A higher quota pays less a unit, so who does not believe sells less; who does believe can sell more "
        "before it costs, and does.",
    )  # fmt: skip


def over_achievement(thorough: bool) -> Fact:
    """F10: over-achievement pay keeps stars working."""
    rows = []
    for engine, ours in lives(curve([1], [1, 2]), thorough).items():
        rows.append(
            within(f"{engine}, double above quota: sales", "clearly above 1", (1.05, 1.3), ours.sales)
        )
        name = f"{engine}, double above quota: effort after week 9 of those 20 % ahead"
        rows.append(within(name, "above 1", (1.0, 2.5), ours.effort_ahead(week=9, lead=1.2)))
    for engine, ours in lives(BONUS, thorough).items():
        rows.append(said(f"{engine}, bonus at quota: the same", "", ours.effort_ahead(week=9, lead=1.2)))
    return Fact(
        "F10",
        "Over-achievement pay keeps the best working after quota",
        CHUNG,
        SETTING + "8 % commission, 16 % above quota." + ENGINES,
        tuple(rows),
    )


def difficulty(thorough: bool) -> Fact:
    """F11: sales by difficulty of the quota are an inverted U."""
    quotas = [0.7, 0.8, 0.9, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3, 1.5, 1.75, 2.0]
    sales: dict[str, list[float]] = {"program": [], "closed form": []}
    for quota in quotas:
        place = Place(quota=QUOTA * quota)
        for engine, ours in lives(curve([quota], [0, 0], [1]), thorough, place=place).items():
            sales[engine].append(ours.sales)
    rows = []
    for engine, found in sales.items():
        top = int(np.argmax(found))
        rises = all(a < b for a, b in pairwise(found[: top + 1]))
        falls = all(a > b - 0.002 for a, b in pairwise(found[top:]))
        name = f"{engine}: quota of most sales (expected bookings are 1), rising to it and falling from it"
        holds = rises and falls and 1.01 <= quotas[top] <= 1.2
        rows.append(Row(name, "slightly above 1", (1.01, 1.2), quotas[top], holds))
        rows += [said(f"{engine}: sales at quota {quotas[k]:g}", "", found[k]) for k in (0, 3, top, 8, 11)]
        rows.append(
            more(f"{engine}: sales at quota .7 less those at 2", "above 0", 0.0, found[0] - found[-1])
        )
    return Fact(
        "F11",
        "The best quota is a little hard; one far too high makes people give up",
        "E. Locke, G. Latham, *A theory of goal setting and task performance* (1990). " + CHUNG,
        SETTING + "Bonus of the target incentive at a quota of .7 to 2 times expected bookings." + ENGINES,
        tuple(rows),
    )


def pacing(thorough: bool) -> Fact:
    """F12: quarterly bonuses pace weak reps."""
    rows = []
    for patience in (0.95, 0.97, 1.0):
        for ability in (0.6, 0.8, 1.0, 1.2, 1.4):
            gains = _quarterly_against_annual(ability, patience, thorough)
            rows += [_paced(engine, patience, ability, gain) for engine, gain in gains.items()]
    return Fact(
        "F12",
        "Quarterly bonuses pace weak reps better than an annual one",
        CHUNG + " D. Chung, D. Narayandas, D. Chang, *The effects of quota frequency: sales performance and "
        "product focus*, Management Science 67 (2021)." + SIZES,
        SETTING.replace("patience 1 (", "patience .95, .97, 1 (1 ") + "Target incentive at each quarter's "
        "quota against four times as much at the year's; ability .6 to 1.4, scatter in proportion." + ENGINES,
        tuple(rows),
        "The fact needs impatience: a patient weak rep (ability .8) works more for the year. How much "
        "impatience depends on what a rep thinks of its later self. The closed form weighs with its patience "
        "only what it does now and counts on later weeks as if it were patient then, so at .97 the year "
        "still wins. The program discounts the whole year and gives it up already at .97; it is right for "
        "reps who know themselves, for whom the closed form is no optimum.",
    )  # fmt: skip


def _quarterly_against_annual(ability: float, patience: float, thorough: bool) -> Mapping[str, float]:
    quarter = Place(ability=ability)
    annual = replace(quarter, weeks=52, quota=4 * QUOTA)
    likes = replace(PATIENT, weekly_patience=patience)
    short = lives(BONUS, thorough, likes, quarter)
    long = lives(curve([4], [0, 0], [4]), thorough, likes, annual)
    return {engine: short[engine].sales / long[engine].sales - 1 for engine in short}


def _paced(engine: str, patience: float, ability: float, gain: float) -> Row:
    """Test the published sizes with the closed form, the signs with the program."""
    name = f"{engine}, patience {patience:g}, ability {ability:g}: gain of quarterly pay"
    sizes = {(0.95, 0.8): 0.075, (0.95, 1.0): 0.043}
    if engine == "closed form" and (patience, ability) in sizes:
        return around(name, sizes[patience, ability], SALES, gain)
    if engine == "closed form" and ability == 0.6:
        return within(name, ".025 to .04", (0.025 - SALES, 0.04 + SALES), gain)
    if engine == "closed form" and ability == 0.8:
        return within(name, "-.11 to -.01", (-0.11 - SALES, -0.01 + SALES), gain)
    if ability == 0.6 or (patience, ability) in sizes:
        return more(name, "above 0", 0.0, gain)
    if ability == 0.8 and patience == 1:
        return within(name, "below 0", (-0.3, 0.0), gain)
    return said(name, "-.01" if ability == 0.8 else "", gain)


FACTS: Mapping[str, Maker] = {
    "F1": linear_pay,
    "F2": response_to_rates,
    "F3": chasing,
    "F4": bunching,
    "F5": hockey_stick,
    "F8": caps,
    "F9": ratchet,
    "F10": over_achievement,
    "F11": difficulty,
    "F12": pacing,
}
