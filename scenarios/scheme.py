"""What is paid: the incentive scheme. Elements by name, each with its rule, and the terms around them."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from scenarios.pay_curves import Fault, Step, Tier
from scenarios.pay_elements import (
    AnyElement,
    Bonus,
    Commission,
    Penalty,
    Worth,
)
from scenarios.pay_terms import Clawback, Crediting, Differential, Draw, Guarantee, RolePay, Windfall
from scenarios.settings import Settings

__all__ = ["Bonus", "Commission", "Scheme", "Step", "Tier"]


class Scheme(Settings):
    """`[scheme]`: what people are paid beside their base pay."""

    name: str = Field("scheme", description="What people call it")
    description: str = Field("", description="For people: what it is meant to do")
    elements: dict[str, AnyElement] = Field(
        {"commission": Commission(weight=1.0)}, min_length=1, description="What is paid for, by name"
    )
    pay: dict[str, RolePay] = Field({}, description="Pay at 100 % by role, instead of the tables'")
    draws: tuple[Draw, ...] = Field((), description="Advances on incentive")
    guarantees: tuple[Guarantee, ...] = Field((), description="Least incentive at the start")
    clawback: Clawback | None = Field(None, description="Credit taken back for what is never paid")
    windfall: Windfall | None = Field(None, description="Very large deals")
    crediting: Crediting = Field(Crediting(), description="To whom a deal counts")
    differentials: tuple[Differential, ...] = Field((), description="Higher or lower pay in some territories")
    most_incentive: float | None = Field(
        None, gt=0, description="Most incentive of a year, in multiples of the target incentive"
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Scheme:
        found = self.faults()
        if found:
            raise ValueError(
                "; ".join(
                    f"{key}: {remedy}" + (f" (found {value})" if value else "")
                    for key, value, remedy in found
                )
            )
        return self

    @property
    def roles(self) -> tuple[str, ...]:
        """Everybody it pays, in the order of its elements."""
        return tuple(dict.fromkeys(role for element in self.elements.values() for role in element.roles))

    def for_role(self, role: str) -> dict[str, AnyElement]:
        """Give the elements that pay a role."""
        return {name: element for name, element in self.elements.items() if role in element.roles}

    def faults(self) -> list[Fault]:
        """List what contradicts itself: where, value, remedy."""
        of_elements = [
            (f"elements.{name}, {key}", value, remedy)
            for name, element in self.elements.items()
            for key, value, remedy in element.faults()
        ]
        return [*of_elements, *self.faults_of_weights(), *self.faults_of_terms()]

    def faults_of_weights(self) -> list[Fault]:
        """List the roles whose weights do not add up."""
        found = []
        for role in self.roles:
            weights = {n: w for n, e in self.for_role(role).items() if (w := _weight(e)) is not None}
            total = sum(weights.values())
            if weights and abs(total - 1) > 1e-9:
                remedy = f"weights of {', '.join(weights)} must add up to 1"
                found.append((f"elements of {role}", f"{total:g}", remedy))
        return found

    def faults_of_terms(self, beside: Mapping[str, tuple[str, ...]] | None = None) -> list[Fault]:
        """List what is wrong with the terms around the elements.

        Parameters
        ----------
        beside
            Roles of elements that there are beside those of the scheme, by name.
        """
        beside, found = beside or {}, []
        names = (*self.elements, *beside)
        roles = tuple(dict.fromkeys((*self.roles, *(role for some in beside.values() for role in some))))
        if self.windfall is not None:
            found += [(f"windfall, {key}", value, remedy) for key, value, remedy in self.windfall.faults()]
        known = ", ".join(names)
        for number, differential in enumerate(self.differentials, 1):
            found += [
                (f"differentials number {number}, elements", name, f"no such element; one of {known}")
                for name in differential.elements
                if name not in names
            ]
        terms_by_kind: dict[str, tuple[Draw | Guarantee, ...]] = {
            "draws": self.draws,
            "guarantees": self.guarantees,
        }
        for kind, terms in terms_by_kind.items():
            found += [
                (
                    f"{kind} number {number}, roles",
                    role,
                    f"the scheme pays nothing to {role}; one of {', '.join(roles)}",
                )
                for number, term in enumerate(terms, 1)
                for role in term.roles
                if role not in roles
            ]
        found += [
            (f"pay.{role}", role, f"the scheme pays nothing to {role}; one of {', '.join(roles)}")
            for role in self.pay
            if role not in roles
        ]
        return found


def _weight(element: AnyElement) -> float | None:
    """Give the share of the target incentive that an element pays at 100 %; penalties take."""
    return element.weight if isinstance(element, Worth) and not isinstance(element, Penalty) else None
