"""A blend: other models' forecasts, weighted on the link scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Contributions, Fitted, Model, State, closed
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.buy_till_you_die import BgNbd
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.learners.logistic import Logistic, PoissonRegression, TweedieRegression
from foretell.models.learners.orders_times_value import OrdersTimesValue
from foretell.models.learners.rfm_regression import RfmRegression
from foretell.models.links import bounded, from_link, to_link
from foretell.project.objectives import Kind, Target

FURTHEST_APART = 2.0
CUSTOMERS_FOR_TREES = 400.0
WITH_FEWER_TREES = ("purchase", "decline", "spend")
"""Targets of which trees say less, the fewer customers teach: their weight counts customers / (customers + 400)."""
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
    """Fitted members with weights that sum to 1, or to a little more or less where a mix was learned (see `mix`).

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
        """The members' links, weighted and added up in their order, and the shift of the level; bounded."""
        links = self.member_links(examples)
        return weighted(links, self.weights, self.shift, self.kind)

    @property
    def weights(self) -> dict[str, float]:
        """The weight of each member by name."""
        return {member.name: member.weight for member in self.members}

    def mixed(self, weights: Mapping[str, float]) -> FittedBlend:
        """The same members with other weights, by name."""
        return replace(self, members=tuple(replace(one, weight=weights[one.name]) for one in self.members))

    def contributions(self, examples: Examples) -> Contributions:
        """The members' contributions, weighted and added up by name."""
        base, shares = self.shift, dict[str, np.ndarray]()
        links = self.member_links(examples)
        for member in (one for one in self.members if one.weight):
            own = member.fitted.contributions(examples)
            own = closed(own.base, own.names, own.values, links[member.name])
            base += member.weight * own.base
            for name, values in zip(own.names, own.values.T, strict=True):
                shares[name] = shares.get(name, 0.0) + member.weight * values
        values = np.column_stack(list(shares.values())) if shares else np.zeros((len(examples), 0))
        return closed(base, tuple(shares), values, self.link(examples))

    def state(self) -> State:
        members = {member.name: dict(member.fitted.state()) for member in self.members}
        weights = np.array([member.weight for member in self.members])
        return {"kind": self.kind, "members": members, "weights": weights, "shift": self.shift}

    def member_links(self, examples: Examples) -> dict[str, np.ndarray]:
        """The link of each member by name, as it is heard: float64 [rows] each."""
        links = {one.name: to_link(one.fitted.predict(examples), self.kind) for one in self.members}
        learned = [links[one.name] for one in self.members if not one.steadies]
        if not learned:
            return links
        mean = np.mean(learned, axis=0)
        low, high = mean - FURTHEST_APART, mean + FURTHEST_APART
        return {
            one.name: np.clip(links[one.name], low, high) if one.steadies else links[one.name] for one in self.members
        }


def weighted(links: Mapping[str, np.ndarray], weights: Mapping[str, float], shift: float, kind: Kind) -> np.ndarray:
    """The links of members, each with its weight (none where a member is not among them), added up in their order, and
    a shift; bounded."""
    total = np.full(len(next(iter(links.values()))), shift)
    for name, link in links.items():
        if weight := weights.get(name, 0.0):
            total += weight * link
    return bounded(total, kind)


class Blend:
    """Trees, linear models and the customer's own rhythm, averaged; a member that cannot fit is left out."""

    name: ClassVar[str] = "blend"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability", "count", "amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = (
        "sum of links: gradient boosting .375, logistic .1875, RFM regression .1875, BG/NBD .25 (tier: boosting .325, "
        "logistic .325, BG/NBD .35); counts: .35, .175 Poisson, .175, .3; amounts: .25, .075 Tweedie, .075, .4 orders "
        "x value, .2 BG/NBD; boosting has less where few customers teach chances and amounts; weights move from there "
        "as past cutoffs say, and the level as the process and past misses say; a tier's to its share"
    )

    def __init__(self, members: Members | None = None, customers_for_trees: float = CUSTOMERS_FOR_TREES) -> None:
        self.given = members
        self.customers_for_trees = customers_for_trees

    @property
    def members(self) -> Members:
        """Models and weights by target or kind."""
        return MEMBERS if self.given is None else self.given

    def fit(self, examples: Examples, target: Target, seed: int, known: FittedOnce | None = None) -> FittedBlend:
        """Learn as every model does; `known` holds what was fitted to the same rows already."""
        once = known or FittedOnce(examples, seed)
        fitted: list[tuple[Model, float, Fitted]] = []
        refusals: list[str] = []
        customers = max(len(np.unique(examples.customer_key)), 1) if target.name in WITH_FEWER_TREES else np.inf
        for model, weight in self.members.get(target.name, self.members[target.kind]):
            heard = 1 / (1 + self.customers_for_trees / customers) if model.name == GradientBoosting.name else 1.0
            try:
                fitted.append((model, weight * heard, once.fit(model, target)))
            except CannotFit as refusal:
                refusals.append(f"{model.name}: {refusal}")
        total = sum(weight for _, weight, _ in fitted)
        if not total:
            raise CannotFit("no member of the blend could fit; " + "; ".join(refusals))
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


COUNTS = Blend(
    {
        "count": (
            (GradientBoosting(), 0.35),
            (PoissonRegression(), 0.175),
            (RfmRegression(), 0.175),
            (BgNbd(), 0.3),
        )
    }
)
MEMBERS: Members = {
    "probability": ((GradientBoosting(), 0.375), (Logistic(), 0.1875), (RfmRegression(), 0.1875), (BgNbd(), 0.25)),
    "high_value": ((GradientBoosting(), 0.325), (Logistic(), 0.325), (BgNbd(), 0.35)),
    **COUNTS.members,
    "amount": (
        (GradientBoosting(), 0.25),
        (TweedieRegression(), 0.075),
        (RfmRegression(), 0.075),
        (OrdersTimesValue(COUNTS), 0.4),
        (BgNbd(), 0.2),
    ),
}
