"""The read-out of a campaign: what it changed beside its control, and what that was worth in money.

Everybody stays in the arm that they were drawn into, whatever became of the contact (intention to treat): whoever
could not be reached is part of what a campaign does. Contacts of customers whom nobody chose are read out apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foretell.actions.arms import AT_RANDOM
from foretell.actions.assignments import CONTROL, TREATED, Campaign
from foretell.experiments.comparison import Comparison, Outcome, ReadOut
from foretell.experiments.read_out import read_out
from foretell.experiments.sequences import TUNED_FOR
from foretell.outcomes.customer_outcomes import CustomerOutcomes
from foretell.project.parts.actions import Goal, OfferPart

if TYPE_CHECKING:
    from foretell.outcomes.offers import OfferResult

OUTCOMES = ("ordered", "orders", "spend", "profit")
OF_GOAL: Mapping[Goal, str] = {"orders": "orders", "spend": "spend", "margin": "profit", "staying": "ordered"}
LEAST_ARM = 2


@dataclass(frozen=True)
class Drawn:
    """Those of a campaign who are read out; arrays of equal length. `arm` and `stratum` are texts, `complete` says
    whose window is over, `offer` is the name of the offer (empty: none), `cost` money, `propensity` the chance of
    being treated."""

    arm: np.ndarray
    stratum: np.ndarray
    offer: np.ndarray
    cost: np.ndarray
    propensity: np.ndarray
    complete: np.ndarray

    def taken(self, rows: np.ndarray) -> Drawn:
        """Those of some rows."""
        return Drawn(*(getattr(self, name)[rows] for name in self.__annotations__))


@dataclass(frozen=True)
class Money:
    """What a campaign was worth, of those whose windows are over, in currency; None where it cannot be told. `cost` is
    that of the contacts, `orders` and `spend` are what they added, `profit` what is left of it after margin, contacts
    and what offers took off, with `low` and `high`; `of_all` is the profit had everybody in the campaign been
    contacted."""

    contacts: int
    cost: float
    orders: float | None
    spend: float | None
    profit: float | None
    low: float | None
    high: float | None
    everybody: int
    of_all: float | None
    of_all_low: float | None
    of_all_high: float | None


@dataclass(frozen=True)
class CampaignResult:
    """What came of a campaign. `found` compares treated and control (None: there is no arm to compare with), `explored`
    those whom nobody chose; `complete` of `drawn` have their window over, the last of them on `ripe_on` (ISO day).
    `is_called` says whether its goal has an effect: by its own interval where no other campaign is read out, else
    `beside` all that are (e-BH); `notes` what was left out, or assumed; `by_offer` tells several offers apart."""

    campaign: Campaign
    approved_by: tuple[str, ...]
    found: ReadOut | None
    explored: ReadOut | None
    money: Money
    drawn: int
    complete: int
    ripe_on: str
    fates: Mapping[str, int]
    notes: tuple[str, ...] = ()
    is_called: bool = False
    beside: int = 0
    by_offer: tuple[OfferResult, ...] = ()

    @property
    def is_ripe(self) -> bool:
        """Whether every window is over: then the interval of one look holds."""
        return self.complete == self.drawn

    @property
    def goal(self) -> Comparison | None:
        """The comparison in what the campaign was for."""
        return self.of(OF_GOAL[self.campaign.goal])  # type: ignore[index]

    def of(self, outcome: str) -> Comparison | None:
        """The comparison in one of `OUTCOMES`; None where there is none."""
        found = self.found.comparisons if self.found else ()
        return next((one for one in found if one.outcome == outcome), None)

    def called(self, is_called: bool, beside: int) -> CampaignResult:
        """The same, judged beside so many others; its own interval decides where there are none."""
        goal = self.goal
        if not beside and goal is not None and not goal.is_stopped:
            low, high = bounds(goal, self.is_ripe)
            is_called = low is not None and high is not None and not low <= 0 <= high
        return replace(self, is_called=is_called, beside=beside)


def compared(drawn: Drawn, outcomes: CustomerOutcomes, profit: np.ndarray, planned: int = TUNED_FOR) -> ReadOut | None:
    """Treated beside control in `OUTCOMES`, each adjusted by the same of the time before and by the strata; None where
    an arm has fewer than two. `profit` is float64 [customers]; `planned` how many customers are drawn in all."""
    if min((drawn.arm == TREATED).sum(), (drawn.arm == CONTROL).sum()) < LEAST_ARM:
        return None
    share = float(np.mean(drawn.propensity))
    before = {"orders": outcomes.orders_before, "spend": outcomes.spend_before}
    values = {
        "ordered": ((outcomes.orders > 0).astype(np.float64), "orders"),
        "orders": (outcomes.orders, "orders"),
        "spend": (outcomes.spend, "spend"),
        "profit": (profit, "spend"),
    }
    asked = [
        Outcome(name, np.where(drawn.complete, own, np.nan), before=_known(before[by], drawn.stratum, by))
        for name, (own, by) in values.items()
    ]
    return read_out(asked, drawn.arm, CONTROL, {CONTROL: 1 - share, TREATED: share}, planned)


def profit_of(
    drawn: Drawn, outcomes: CustomerOutcomes, offers: Mapping[str, OfferPart], margin: float
) -> tuple[np.ndarray, str]:
    """float64 [customers]: the profit of the window, in currency, and what was assumed (empty: nothing).

    margin x (spend + what was taken off) - what was taken off - cost of the contact. What was taken off stands in the
    orders where the source tells discounts; else every order of the treated while the offer was valid used it.
    """
    if np.isfinite(outcomes.discount).all():
        off, told = outcomes.discount, "what was taken off is told by the orders, in both arms"
    else:
        share = np.array([offers[name].share_off if name in offers else 0.0 for name in drawn.offer.tolist()])
        money = np.array([offers[name].money_off if name in offers else 0.0 for name in drawn.offer.tolist()])
        kept = np.maximum(1 - share, np.finfo(float).tiny)
        off = np.where(share < 1, outcomes.offered * share / kept, 0.0) + money * outcomes.offered_orders
        told = ""
        if share.any() or money.any():
            told = "no source tells discounts: every order of the treated while an offer was valid counts as using it"
    return margin * (outcomes.spend + off) - off - drawn.cost, told


def money_of(drawn: Drawn, found: ReadOut | None, is_ripe: bool) -> Money:
    """What the differences come to over all contacts; before everybody's window is over, by bounds that hold at every
    look."""
    treated = (drawn.arm == TREATED) & drawn.complete
    contacts, everybody = int(treated.sum()), len(drawn.arm)
    effect = {one.outcome: one for one in (found.comparisons if found else ())}

    def added(outcome: str) -> float | None:
        own = effect[outcome].effect if outcome in effect else None
        return None if own is None else own * contacts

    profit = effect.get("profit")
    ends = (None, None) if profit is None else bounds(profit, is_ripe)
    each = (None if profit is None else profit.effect, *ends)
    of_contacts = [None if one is None else one * contacts for one in each]
    of_all = [None if one is None else one * everybody for one in each]
    return Money(
        contacts,
        float(drawn.cost[treated].sum()),
        added("orders"),
        added("spend"),
        profit=of_contacts[0],
        low=of_contacts[1],
        high=of_contacts[2],
        everybody=everybody,
        of_all=of_all[0],
        of_all_low=of_all[1],
        of_all_high=of_all[2],
    )


def bounds(one: Comparison, is_ripe: bool) -> tuple[float | None, float | None]:
    """The 95 % interval that may be believed: that of one look when all windows are over, else that of every look."""
    return (one.low, one.high) if is_ripe else (one.always_low, one.always_high)


def explored_rows(drawn: Drawn) -> np.ndarray:
    """bool [customers]: who was taken although nobody chose them."""
    return np.array([one.startswith(AT_RANDOM) for one in drawn.stratum.tolist()], dtype=bool)


def taken(outcomes: CustomerOutcomes, rows: np.ndarray) -> CustomerOutcomes:
    """The outcomes of some customers."""
    return CustomerOutcomes(*(getattr(outcomes, name)[rows] for name in CustomerOutcomes.__annotations__))


def as_json(result: CampaignResult) -> dict[str, Any]:
    """Plain values: the figures, and every comparison as an entry of experiment.json."""
    campaign = result.campaign
    return {
        "campaign": campaign.name,
        "playbook": campaign.playbook,
        "goal": campaign.goal,
        "window_days": campaign.window_days,
        "approved_by": list(result.approved_by),
        "drawn": result.drawn,
        "complete": result.complete,
        "ripe_on": result.ripe_on,
        "is_ripe": result.is_ripe,
        "is_called": result.is_called,
        "money": vars(result.money),
        "fates": dict(result.fates),
        "notes": list(result.notes),
        "offers": [one.as_json() for one in result.by_offer],
        "comparisons": [one.as_entry() for one in (result.found.comparisons if result.found else ())],
        "explored": [one.as_entry() for one in (result.explored.comparisons if result.explored else ())],
    }


def _known(before: np.ndarray, stratum: np.ndarray, name: str) -> dict[str, np.ndarray]:
    """What was before each customer, and in their stratum on average."""
    names, code = np.unique(stratum.astype(str), return_inverse=True)
    told = {f"{name} before": before}
    if len(names) > 1:
        mean = np.bincount(code, weights=before) / np.bincount(code)
        told[f"{name} before in the stratum"] = mean[code]
    return told
