"""A blend: the weighted mean of other models' forecasts on the link scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Contributions, Fitted, Model, State
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.buy_till_you_die import BgNbd
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.learners.logistic import Logistic, PoissonRegression, TweedieRegression
from foretell.models.learners.orders_times_value import OrdersTimesValue
from foretell.models.links import bounded, closed, from_link, to_link
from foretell.project.objectives import Kind, Target

FURTHEST_APART = 2.0
Members = Mapping[str, tuple[tuple[Model, float], ...]]
"""Models and weights, by the name of a target or, for all others, by kind."""


@dataclass(frozen=True)
class Member:
    """A fitted member, its share of the blend, and whether it only steadies the learners."""

    name: str
    weight: float
    fitted: Fitted
    steadies: bool


@dataclass(frozen=True)
class FittedBlend:
    """Fitted members with weights that sum to 1.

    A member that steadies is heard within `FURTHEST_APART` of the learners' mean: a buy-till-you-die process
    may be certain that a customer is gone, and such a logarithm would silence everybody else. `shift` moves the
    level of all forecasts (see `level`).
    """

    kind: Kind
    members: tuple[Member, ...]
    shift: float = 0.0

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), self.kind)

    def link(self, examples: Examples) -> np.ndarray:
        """The weighted mean of the members' links, added up in their order, and the shift of the level; bounded."""
        total = np.full(len(examples), self.shift)
        for member, link in zip(self.members, self._links(examples), strict=True):
            total += member.weight * link
        return bounded(total, self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        """The members' contributions, weighted and added up by name."""
        base, shares = self.shift, dict[str, np.ndarray]()
        for member, link in zip(self.members, self._links(examples), strict=True):
            own = member.fitted.contributions(examples)
            own = closed(own.base, own.names, own.values, link)
            base += member.weight * own.base
            for name, values in zip(own.names, own.values.T, strict=True):
                shares[name] = shares.get(name, 0.0) + member.weight * values
        values = np.column_stack(list(shares.values())) if shares else np.zeros((len(examples), 0))
        return closed(base, tuple(shares), values, self.link(examples))

    def state(self) -> State:
        members = {member.name: dict(member.fitted.state()) for member in self.members}
        weights = np.array([member.weight for member in self.members])
        return {"kind": self.kind, "members": members, "weights": weights, "shift": self.shift}

    def _links(self, examples: Examples) -> list[np.ndarray]:
        links = [to_link(member.fitted.predict(examples), self.kind) for member in self.members]
        learners = [(m.weight, link) for m, link in zip(self.members, links, strict=True) if not m.steadies]
        if not learners:
            return links
        total = np.zeros(len(examples))
        for weight, link in learners:
            total += weight * link
        mean = total / sum(weight for weight, _ in learners)
        return [
            np.clip(link, mean - FURTHEST_APART, mean + FURTHEST_APART) if member.steadies else link
            for member, link in zip(self.members, links, strict=True)
        ]


class Blend:
    """Trees, a linear model and the customer's own rhythm, averaged; a member that cannot fit is left out."""

    name: ClassVar[str] = "blend"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability", "count", "amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = (
        "mean of links: gradient boosting .375, logistic .375, BG/NBD .25 (tier: .325, .325, .35); counts: .35, .35 "
        "Poisson, .3; amounts: .25, .15 Tweedie, .4 orders x value, .2 BG/NBD; P(order) moved half way to BG/NBD's "
        "mean, a tier to its share"
    )

    def __init__(self, members: Members | None = None) -> None:
        self.given = members

    @property
    def members(self) -> Members:
        """Models and weights by target or kind."""
        return MEMBERS if self.given is None else self.given

    def fit(self, examples: Examples, target: Target, seed: int, known: FittedOnce | None = None) -> FittedBlend:
        """Learn as every model does; `known` holds what was fitted to the same rows already."""
        once = known or FittedOnce(examples, seed)
        fitted: list[tuple[Model, float, Fitted]] = []
        refusals: list[str] = []
        for model, weight in self.members.get(target.name, self.members[target.kind]):
            try:
                fitted.append((model, weight, once.fit(model, target)))
            except CannotFit as refusal:
                refusals.append(f"{model.name}: {refusal}")
        if not fitted:
            raise CannotFit("no member of the blend could fit; " + "; ".join(refusals))
        total = sum(weight for _, weight, _ in fitted)
        return FittedBlend(
            target.kind,
            tuple(Member(model.name, weight / total, member, model.is_baseline) for model, weight, member in fitted),
        )

    def restore(self, state: State) -> FittedBlend:
        models = {model.name: model for model, _ in self.members[state["kind"]]}
        members = tuple(
            Member(name, float(weight), models[name].restore(own), models[name].is_baseline)
            for (name, own), weight in zip(state["members"].items(), state["weights"], strict=True)
        )
        return FittedBlend(state["kind"], members, state["shift"])


COUNTS = Blend({"count": ((GradientBoosting(), 0.35), (PoissonRegression(), 0.35), (BgNbd(), 0.3))})
MEMBERS: Members = {
    "probability": ((GradientBoosting(), 0.375), (Logistic(), 0.375), (BgNbd(), 0.25)),
    "high_value": ((GradientBoosting(), 0.325), (Logistic(), 0.325), (BgNbd(), 0.35)),
    **COUNTS.members,
    "amount": (
        (GradientBoosting(), 0.25),
        (TweedieRegression(), 0.15),
        (OrdersTimesValue(COUNTS), 0.4),
        (BgNbd(), 0.2),
    ),
}
