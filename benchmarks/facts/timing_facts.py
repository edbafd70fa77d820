"""How reps play with time, and what they neglect: facts F6, F7 and F14, in simulated years."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.facts.company import company, plan_of
from benchmarks.facts.fact import Fact, Maker, Row, within
from optimizer import Plan
from scenarios.behavior import Timing
from simulation.accounting.journal import What
from simulation.company.year import live_a_year
from simulation.world.world import World, world_of

Numbers = NDArray[np.float64]

SEED = 1
REPS, QUOTA = 30, 125_000.0
WINDOW = {"window_days": 21}
QUARTER = {"days": 90.0}
"""Days a customer takes where there is something to move: a quarter."""

FREE = {"discount": 0.0, "accepts": 1.0, "pressure": 0.0}
"""To decide early costs nothing and all agree to it."""

LINEAR = {"c": {"kind": "commission", "weight": 1}}
BONUS = {"b": {"kind": "bonus", "weight": 1, "steps": [{"at": 1.0, "pays": 1.0}]}}
STEEP = {
    "c": {
        "kind": "commission",
        "weight": 1,
        "tiers": [{"at": 0.0, "rate": 0.5}, {"at": 1.0, "rate": 3.0}, {"at": 1.5, "rate": 8.0}],
    }
}
"""A unit pays six, then sixteen times as much above quota."""

SETTING = (
    f"{REPS} reps with a quarter's quota of {QUOTA:,.0f}, which they reach in the mean at effort 1, and 8 % "
    "of it as target incentive; one stage without work; effort in closed form. "
)


@dataclass(frozen=True)
class Lived:
    """What simulated years came to, money over all of them.

    Parameters
    ----------
    booked, held, pulled_in, discounts, pressed
        By quarter; pressed: orders lost because customers were pressed to decide.
    last, first, dip
        Bookings of the last week of quarters, of the first, and of the mean of the two after it, over those
        of an average week.
    marginal
        Marginal worth of a unit where a customer was asked to decide early, over the mean of all reps on the
        same days; not a number where nobody was.
    """

    booked: Numbers
    held: Numbers
    pulled_in: Numbers
    discounts: Numbers
    pressed: Numbers
    last: float
    first: float
    dip: float
    marginal: float


def world(
    scheme: Mapping[str, Any],
    timing: Mapping[str, Any],
    *,
    days: float = 30.0,
    order: float = 4_000.0,
    ability: Numbers | float = 1.0,
    incentive: float = 40_000.0,
    **effort: Any,
) -> World:
    """Make a company whose reps all have the same quota and demand by ability."""
    names = [f"R{number:02d}" for number in range(REPS)]
    potential = 4 * QUOTA * np.broadcast_to(ability, REPS)
    scenario = company(
        {
            "latitude": 0.0,
            "longitude": 0.0,
            "potential": potential.tolist(),
            "visits_per_year": 0,
            "hours_per_visit": 1,
            "owner": names,
        },
        {
            "latitude": 0.0,
            "longitude": 0.0,
            "hours_per_year": [1_700] * REPS,
            "target_incentive": incentive,
        },
        {
            "timing": timing,
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": days}],
            "order_values": {"": order},
            "demand_noise": 0.0,
            "effort": {"mode": "closed form"} | effort,
        },
        scheme={"elements": scheme},
        calendar={"weekdays": (1, 2, 3, 4, 5, 6, 7)},
    )
    plan = plan_of(scenario)
    quota = plan.quota.copy()
    quota.loc[:] = QUOTA
    return world_of(scenario, Plan(plan.name, plan.scenario_digest, plan.owner, quota))


def lived(here: World, years: int) -> Lived:
    """Live through years and add up."""
    parts = [_year(here, replication) for replication in range(years)]
    booked, held, pulled_in, discounts, pressed = (sum(part[name] for part in parts) for name in range(5))
    week = float(np.sum(booked)) / here.days * 7 * 4
    last, first, dip = (float(sum(part[5][k] for part in parts)) / week for k in range(3))
    asked, mean = (float(sum(part[6][k] for part in parts)) for k in range(2))
    marginal = asked / mean if mean else math.nan
    return Lived(booked, held, pulled_in, discounts, pressed, last, first, dip, marginal)


def _year(here: World, replication: int) -> tuple[Any, ...]:
    """Give sums by quarter, sums of weeks, and marginal worths, of one year."""
    journal, ends = live_a_year(here, SEED, replication).journal, here.quarter_ends
    won = journal[journal["what"] == What.WON]
    amount, quarter = won["amount"] / 100, np.searchsorted(ends, won["day"], side="right")
    left, since = ends[quarter] - won["day"], won["day"] - np.concatenate([[0.0], ends])[quarter]
    weeks = amount[left <= 7].sum(), amount[since < 7].sum(), amount[(since >= 7) & (since < 21)].sum() / 2
    hurried = journal[journal["what"] == What.PULLED_IN]
    early = np.isin(won["subject"], hurried["subject"])
    return (
        np.bincount(quarter, amount, 4),
        _by_quarter(journal, What.HELD_BACK, ends),
        np.bincount(quarter[early], amount[early], 4),
        _by_quarter(journal, What.DISCOUNT, ends),
        _by_quarter(journal, What.LOST_PRESSED, ends),
        weeks,
        _marginals(here, won, hurried),
    )


def _by_quarter(journal: NDArray[Any], what: What, ends: Numbers) -> Numbers:
    some = journal[journal["what"] == what]
    return np.bincount(np.searchsorted(ends, some["day"], side="right"), some["amount"] / 100, 4)


def _marginals(here: World, won: NDArray[Any], hurried: NDArray[Any]) -> tuple[float, float]:
    """Add up the marginal worth to the reps who asked, and the mean over all reps at the same moments."""
    if here.effort.value.size == 0:
        return 0.0, 0.0
    asked = mean = 0.0
    for record in hurried:
        quarter = int(np.searchsorted(here.quarter_ends, record["day"], side="right"))
        decision = int(np.searchsorted(here.decisions.day, record["day"], side="right")) - 1
        begins = here.quarter_ends[quarter - 1] if quarter else 0.0
        before = won[(won["day"] >= begins) & (won["day"] < record["day"])]
        booked = np.bincount(before["by"].astype(np.int64), before["amount"] / 100, REPS + 1)
        unit = QUOTA / 20
        worth = [
            here.effort.worth(rep, decision, booked[rep] + unit)
            - here.effort.worth(rep, decision, booked[rep])
            for rep in range(REPS)
        ]
        asked += worth[int(record["by"])]
        mean += float(np.mean(worth))
    return asked, mean


def more(figure: str, published: str, least: float, ours: float, note: str = "") -> Row:
    """Make a row that holds where ours is larger."""
    return Row(figure, published, (least, np.inf), float(ours), bool(ours > least), note)


def said(figure: str, ours: float) -> Row:
    """Make a row that only informs."""
    return Row(figure, "", None, float(ours), True)


def spike(thorough: bool) -> Fact:
    """F6: orders pile up where the period ends, and are missing after it."""
    years = 24 if thorough else 8
    honest, played = (lived(world(LINEAR, timing, **QUARTER), years) for timing in ({}, WINDOW))
    bonus, steep = (lived(world(scheme, WINDOW, **QUARTER), years) for scheme in (BONUS, STEEP))
    hurried = lived(world(BONUS, {**WINDOW, "keeps": 0.0}, **QUARTER), years)
    free = lived(world(BONUS, {**WINDOW, **FREE, "keeps": 0.0}, **QUARTER), years)
    moved = {**WINDOW, **FREE, "keeps": 1.0}
    with_, without = (lived(world(BONUS, timing, elasticity=0.0, **QUARTER), 2) for timing in (moved, {}))
    over = with_.pulled_in - with_.held
    gap = with_.booked - without.booked - over + np.concatenate([[0.0], over[:-1]])
    put_off = "orders put off are signed then: see below"
    rows = (
        within("linear pay, no play with time: last week", "at most 1.1", (0.9, 1.1), honest.last),
        within("linear pay, play with time: moved, share", "0", (0, 0), _moved(played)),
        more("bonus: last week of quarters", "at least 2", 2.0, bonus.last, "reps put off, too: see below"),
        within("bonus: first week of quarters", "below average", (0, 1), bonus.first, put_off),
        within("bonus: the two weeks after the first, the dip", "below average", (0, 0.95), bonus.dip),
        more("accelerator: last week of quarters", "at least 2", 2.0, steep.last),
        within("accelerator: first week of quarters", "below average", (0, 1), steep.first, put_off),
        within("accelerator: the two weeks after the first", "below average", (0, 0.95), steep.dip),
        more("bonus, nobody can be put off: last week", "at least 2", 2.0, hurried.last),
        within("the same: first week", "below average", (0, 1), hurried.first),
        within("the same: the two weeks after the first, the dip", "below average", (0, 0.95), hurried.dip),
        more("the same, all decide early for nothing: last week", "at least 2", 2.0, free.last),
        more("the same: last week over first", "above 1", 1.0, free.last / free.first),
        within(
            "moves that cost nothing: bookings of a quarter not explained by moves, money", "0",
            (-0.01, 0.01), float(np.abs(gap).max()),
        ),
    )  # fmt: skip
    return Fact(
        "F6",
        "Orders pile up where a period ends and are missing after it",
        "P. Oyer, *Fiscal year ends and nonlinear incentive contracts: the effect on business seasonality*, "
        "Quarterly Journal of Economics 113 (1998).",
        SETTING + "Orders of 4,000, customers take 90 days, for who sells within days has nothing to move; "
        "commission, the target incentive at quota, or commission at half the rate up to quota, six times "
        "that above it and sixteen times above 150 %; `market.timing` with a window of 21 days, or off. "
        "Weeks over an average week.",
        rows,
        "Under both schemes orders pile up in the last week and are missing in the second and third week of "
        "the next quarter; nobody moves anything under linear pay, and moves conserve bookings. That the "
        "*first* week is below average comes out only where nobody can be put off: a rep who has reached the "
        "quota of a bonus, or given it up, gains nothing by orders of the quarter's last weeks and puts them "
        "off, and half of those customers agree and sign on the first day. Nothing was tuned to make it come "
        "out.",
    )


def _moved(ours: Lived) -> float:
    return float((ours.held.sum() + ours.pulled_in.sum()) / ours.booked.sum())


def discounting(thorough: bool) -> Fact:
    """F7: discounts to close in time cost revenue under an accelerator."""
    years = 24 if thorough else 16
    long = {"days": 365.0, "order": 40_000.0}
    window = {**WINDOW, "discount": 0.2}
    off = lived(world(STEEP, {}, **long), years)
    on = lived(world(STEEP, window, **long), years)
    usual = lived(world(STEEP, WINDOW, **long), years)
    forced = lived(world(STEEP, {**window, "keeps": 0.0, "pressure": 0.0}, **long), years)
    flat = lived(world(LINEAR, window, **long), years)
    rows = (
        within("accelerator: revenue lost by playing, share", ".03 to .10", (0.03, 0.10), _lost(on, off)),
        said("the same, with what has gone into the next year", 1 - on.booked.sum() / off.booked.sum()),
        within("accelerator: discounts over revenue", ".03 to .10", (0.03, 0.10), _given(on), "see below"),
        said("accelerator, discount .05: discounts over revenue", _given(usual)),
        said("accelerator, nobody can be put off, no pressure: discounts over revenue", _given(forced)),
        said("accelerator: share of revenue that was pulled in", on.pulled_in.sum() / on.booked.sum()),
        said("accelerator: mean discount of what was pulled in", _given_of_pulled(on)),
        within("linear pay: discounts over revenue", "0", (0.0, 0.0), _given(flat)),
        more(
            "marginal pay of who gives a discount over the mean of all, same day", "above 1", 1.0,
            on.marginal,
        ),
    )  # fmt: skip
    return Fact(
        "F7",
        "Discounts to close deals in time cost 6 to 8 % of revenue under an accelerator",
        "I. Larkin, *The cost of high-powered incentives: employee gaming in enterprise software sales*, "
        "Journal of Labor Economics 32 (2014): cycles of 12 to 24 months.",
        SETTING
        + "Orders of 40,000, customers take 365 days; commission at half the rate up to quota, six times "
        "that above it and sixteen times above 150 %, or linear; window of 21 days, discounts up to 20 %.",
        rows,
        "Revenue lost is bookings with play against those without it; what is moved over the year's end "
        "counts with what it would have brought. Who gives discounts, that nobody does under linear pay, and "
        "what playing costs in all come out. That it is *discounts* it costs does not: here orders lost with "
        "customers who are pressed cost more than discounts, and reps ask for a sixth of revenue to come "
        "early, while in the study most deals were closed on a quarter's last day.",
    )


def _lost(on: Lived, off: Lived) -> float:
    """Give the share of revenue that playing costs, four ends of quarters with all they move.

    What leaves the year at its end is worth what will be left of it, what came in instead what it would have
    been without play.
    """
    leaves = Timing().keeps * on.held[-1]
    came = on.pulled_in[-1] + on.discounts[-1] + on.pressed[-1]
    return float(1 - (on.booked.sum() + leaves - came) / off.booked.sum())


def _given_of_pulled(ours: Lived) -> float:
    listed = ours.pulled_in.sum() + ours.discounts.sum()
    return float(ours.discounts.sum() / listed) if listed else 0.0


def _given(ours: Lived) -> float:
    return float(ours.discounts.sum() / ours.booked.sum())


def two_tasks(thorough: bool) -> Fact:
    """F14: commission moves the weak most, and care suffers under it."""
    years = 16 if thorough else 6
    ability = np.linspace(0.6, 1.2, REPS)
    facts = {"ability": ability, "second_task": 0.5, "weekly_patience": 1.0}
    bonus, paid = _efforts(world(BONUS, {}, **facts), years)
    incentive = 40_000.0
    for _ in range(3):
        commission, cost = _efforts(world(LINEAR, {}, incentive=incentive, **facts), years, incentive)
        incentive *= paid / cost
    gain = np.array(
        [
            np.mean([commission[rep][0] - bonus[rep][0] for rep in some])
            for some in np.array_split(np.arange(REPS), 10)
        ]
    )
    care, busy = (
        [float(np.nanmean([one[place] for one in side])) for side in (commission, bonus)] for place in (1, 2)
    )
    rows = (
        within("pay under commission over pay under the bonus", "1", (0.98, 1.02), cost / paid),
        more("effort, commission less bonus, lowest tenth less highest", "above 0", 0, gain[0] - gain[-1]),
        more("effort, commission less bonus, lowest tenth", "above 0", 0, gain[0]),
        said("the same, highest tenth", gain[-1]),
        more("effort once quota is met, commission less bonus", "above 0", 0, busy[0] - busy[1]),
        within(
            "care once quota is met, commission less bonus", "below 0", (-1.0, -1e-6), care[0] - care[1]
        ),
        said("care once quota is met, commission", care[0]),
        said("care once quota is met, bonus", care[1]),
    )  # fmt: skip
    return Fact(
        "F14",
        "Commission raises the paid task most where ability is low, and what is not paid suffers",
        "S. Kishore, R. Rao, O. Narasimhan, G. John, *Bonuses versus commissions: a field study*, Journal of "
        "Marketing Research 50 (2013).",
        SETTING + "Orders of 4,000, customers take 30 days; demand .6 to 1.2 times the quota, patience 1, "
        "`second_task` .5; a bonus at quota, and a commission scaled to cost the same.",
        rows,
        "Once the quota is met a bonus pays nothing more, effort falls and a rep has more care left for "
        "customers than usual (above 1); a commission goes on, and selling takes more of a rep.",
    )


def _efforts(
    here: World, years: int, incentive: float = 0.0
) -> tuple[list[tuple[float, float, float]], float]:
    """Give mean effort, care and effort once the quota is met, by rep, and the incentive a year of all.

    Pay by hand: a quarter's part of 40,000 at its quota where no incentive is given, else of it by
    attainment.
    """
    chosen: list[list[float]] = [[] for _ in range(REPS)]
    after: list[list[tuple[float, float]]] = [[] for _ in range(REPS)]
    paid = 0.0
    starts = np.concatenate([[0.0], here.quarter_ends])
    for replication in range(years):
        journal = live_a_year(here, SEED, replication).journal
        won, efforts = journal[journal["what"] == What.WON], journal[journal["what"] == What.EFFORT]
        for rep in range(REPS):
            own = won[won["by"] == rep]
            for record in efforts[efforts["by"] == rep]:
                begins = starts[np.searchsorted(here.quarter_ends, record["day"], side="right")]
                booked = own["amount"][(own["day"] >= begins) & (own["day"] < record["day"])].sum() / 100
                chosen[rep].append(float(record["amount"]))
                if booked >= QUOTA:
                    care = 1 - here.market.effort.neglect * (float(record["amount"]) - 1)
                    after[rep].append((care, float(record["amount"])))
            quarter = np.searchsorted(here.quarter_ends, own["day"], side="right")
            attained = np.bincount(quarter, own["amount"] / 100, 4) / QUOTA
            paid += float((attained * incentive if incentive else (attained >= 1) * 40_000.0).sum()) / 4
    nothing = [(math.nan, math.nan)]
    means = []
    for one, rest in zip(chosen, after, strict=True):
        care, busy = np.mean(rest or nothing, axis=0)
        means.append((float(np.mean(one)), float(care), float(busy)))
    return means, paid / years


FACTS: Mapping[str, Maker] = {"F6": spike, "F7": discounting, "F14": two_tasks}
