"""The panel "Why this customer?": owner, the two next best with their money by term, what would change it."""

from typing import Any

from evenfield.money import exact
from evenfield.phrases import Language
from evenfield.reasoning import counterfactual, terms_words
from evenfield.study import Study
from optimizer.asking.reasons import Alternative, Reason, Reasons
from optimizer.score import moved
from scenarios import NoPlanExists, Scenario

MOST = 2_000
"""Customers the panel holds; of a larger company those that move, most potential first."""

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def panel(study: Study) -> dict[str, Any]:
    """Give the rows of the panel, and in words of which customers they are.

    Returns
    -------
    said (by language), rows: each with customer, key, rep, was, and by language next (two), change.
    """
    scenario, plan = study.scenarios[study.plan], study.plans[study.plan]
    try:
        reasons = Reasons(scenario, plan)
    except NoPlanExists as error:
        reason = error.reasons[0]
        return {"rows": [], "said": {"en": f"No reasons: {reason}.", "zh": f"没有理由可说：{reason}。"}}
    customers = scenario.customers
    chosen, said = customers.index, {
        "en": f"All {len(customers):,} customers.", "zh": f"全部 {len(customers):,} 个客户。"
    }  # fmt: skip
    if len(chosen) > MOST:
        leaving = customers[moved(scenario, plan.owner).to_numpy()]
        chosen = leaving["potential"].nlargest(MOST).index
        said = {
            "en": f"Of {len(customers):,} customers the {len(leaving):,} that change their rep"
            f"{f', the {MOST:,} of most potential' if len(leaving) > MOST else ''}; "
            "evenfield explain says it of every other.",
            "zh": f"共 {len(customers):,} 个客户，这里是更换负责人的 {len(leaving):,} 个"
            f"{f'中潜力最大的 {MOST:,} 个' if len(leaving) > MOST else ''}；"
            "其余客户可用 evenfield explain 查询。",
        }
    rows = [_row(scenario, reason) for reason in reasons.whys([str(c) for c in chosen])]
    return {"rows": rows, "said": said}


def _row(scenario: Scenario, reason: Reason) -> dict[str, Any]:
    names, reps = scenario.customers["name"], scenario.reps["name"]
    return {
        "key": reason.customer,
        "customer": names.get(reason.customer) or reason.customer,
        "rep": reps.get(reason.owner) or reason.owner,
        "was": "" if reason.today == reason.owner else reps.get(reason.today) or reason.today,
        "moved": reason.today not in ("", reason.owner),
        "next": [
            {
                "rep": reps.get(other.rep) or other.rep,
                "money": _more(other, scenario.currency),
                **{language: terms_words(scenario, other, language) for language in LANGUAGES},
            }
            for other in reason.alternatives[:2]
        ],
        "change": {language: counterfactual(scenario, reason, language) for language in LANGUAGES},
    }


def _more(other: Alternative, currency: str) -> str:
    return f"{'+' if other.cost >= 0 else '-'}{exact(abs(other.cost), currency)}"
