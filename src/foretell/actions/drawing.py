"""Drawing a campaign: from a playbook and everybody for whom it is, to who is contacted with what, and who is not.

Nothing here is written. The same playbook, run and ledger give the same campaign, as often as it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from foretell.actions.arms import (
    EXPLORED_SHARE,
    Arms,
    Draw,
    first_arms,
    later_arms,
    meant_for,
    random_offers,
    triggered_arms,
)
from foretell.actions.assignments import CONTROL, TREATED, Assignments, Campaign
from foretell.actions.candidates import Candidates
from foretell.actions.holdout import Holdout, holdout_of, proposed_holdout
from foretell.project.intervals import parse_horizon
from foretell.project.parts.actions import AUTO, OfferPart, PlaybookPart


@dataclass(frozen=True)
class Chosen:
    """Who is worth a contact, by expected profit, on the rows of the candidates: bool, and the number of the offer of
    each (int, of the playbook's own); the first campaign of a playbook chooses nobody, and draws from all."""

    customers: np.ndarray
    offer: np.ndarray


@dataclass(frozen=True)
class ToAct:
    """What an act follows: the playbook with its offers, everybody for whom its rule holds, the run, the seed, the
    believed effect of a contact on the chance of an order, and the moment of the contact (microseconds UTC).
    `reach` says which offer may reach whom (bool [offers, candidates]; None: each offer everybody). `most` holds the
    number of contacts down beside budget and capacity; `pilot` names the pilot it is a step of."""

    playbook: PlaybookPart
    offers: tuple[OfferPart, ...]
    candidates: Candidates
    run: str
    seed: int
    effect: float
    at: int
    reach: np.ndarray | None = None
    chosen: Chosen | None = None
    most: int | None = None
    pilot: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def window_days(self) -> int:
        """Over how many days from the assignment on the goal is judged."""
        return parse_horizon(self.playbook.window)


@dataclass(frozen=True)
class Drawn:
    """What would be done, or was: the campaign, its rows as `ASSIGNED`, and the holdout that was decided on. `is_new`
    is False where the ledger had it already."""

    campaign: Campaign
    assigned: pa.Table
    holdout: Holdout
    is_new: bool = True

    @property
    def treated(self) -> int:
        """How many are contacted."""
        return self.assigned["arm"].to_pylist().count(TREATED)

    @property
    def control(self) -> int:
        """How many are kept aside."""
        return len(self.assigned) - self.treated

    @property
    def cost(self) -> float:
        """The money that the contacts cost."""
        return float(np.sum(self.assigned["cost"].to_numpy()))


def drawn_for(asked: ToAct, ledger: Assignments) -> Drawn:
    """The campaign that an act would make, or has made from the same run; nothing is written."""
    if (done := acted_on(asked, ledger)) is not None:
        return done
    campaign = _campaign_of(asked, ledger)
    open_to = asked.candidates.may_be_reached
    if campaign.kind == "triggered":
        known = set(ledger.assignments(campaign.name)["customer_id"].to_pylist())
        open_to &= np.array([one not in known for one in asked.candidates.customer_id.to_pylist()], dtype=bool)
    at = np.flatnonzero(open_to)
    candidates = asked.candidates.taken(at)
    holdout = holdout_for(asked, campaign, candidates)
    rate = campaign.declared.get("rate", _rate(candidates))
    campaign = replace(campaign, declared={**campaign.declared, "holdout": holdout.share, "rate": rate})
    arms = _arms(_of_rows(asked, at, is_first=_is_first(asked, ledger)), campaign, holdout.share)
    return Drawn(campaign, _rows(asked, campaign, candidates, arms), holdout)


def acted_on(asked: ToAct, ledger: Assignments) -> Drawn | None:
    """The campaign that was made of this playbook and run (in this pilot, or outside one); None where there is none."""
    for campaign in ledger.campaigns(asked.playbook.name):
        if campaign.pilot == asked.pilot and asked.run in {one.run for one in ledger.acts(campaign.name)}:
            share = float(campaign.declared["holdout"])
            assigned = ledger.assignments(campaign.name)
            rate, effect = float(campaign.declared["rate"]), float(campaign.declared["effect"])
            told = holdout_of(share, len(assigned), rate, effect, campaign.window_days)
            return Drawn(campaign, assigned, told, is_new=False)
    return None


def holdout_for(asked: ToAct, campaign: Campaign, candidates: Candidates) -> Holdout:
    """The holdout of a campaign: what was declared, what power proposes, or what a lasting campaign began with."""
    kept = campaign.declared.get("holdout", asked.playbook.holdout)
    told = (len(candidates), _rate(candidates), asked.effect, asked.window_days)
    return proposed_holdout(*told) if kept == AUTO else holdout_of(float(kept), *told)


def places_of(asked: ToAct) -> int | None:
    """How many contacts budget, capacity and the step of a pilot allow; None where nothing limits them."""
    dearest = max((offer.cost for offer in asked.offers), default=0.0)
    budget = asked.playbook.budget
    limits = [asked.playbook.capacity, asked.most]
    limits.append(int(budget / dearest) if budget is not None and dearest > 0 else None)
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def _campaign_of(asked: ToAct, ledger: Assignments) -> Campaign:
    """The campaign to come, or the lasting one of a triggered playbook."""
    part = asked.playbook
    before = ledger.campaigns(part.name)
    is_triggered = part.triggered and asked.pilot is None
    name = part.name if is_triggered else f"{part.name} {1 + sum(one.kind == 'batch' for one in before)}"
    for one in before:
        if one.name == name and one.kind == "triggered":
            return one
    declared = {
        "playbook": part.model_dump(mode="json"),
        "offers": [offer.model_dump(mode="json") for offer in asked.offers],
        "seed": asked.seed,
        "effect": asked.effect,
        **asked.settings,
    }
    kind = "triggered" if is_triggered else "batch"
    return Campaign(name, part.name, kind, asked.at, asked.window_days, part.goal, declared, asked.pilot)  # type: ignore[arg-type]


def _is_first(asked: ToAct, ledger: Assignments) -> bool:
    return not any(one.kind == "batch" for one in ledger.campaigns(asked.playbook.name))


def _of_rows(asked: ToAct, at: np.ndarray, is_first: bool) -> ToAct:
    """The same, of some of the candidates alone; a first campaign draws from all of them, whoever was chosen."""
    chosen = asked.chosen
    own = None if chosen is None or is_first else Chosen(chosen.customers[at], chosen.offer[at])
    reach = np.ones((max(len(asked.offers), 1), len(at)), bool) if asked.reach is None else asked.reach[:, at]
    return replace(asked, candidates=asked.candidates.taken(at), reach=reach, chosen=own)


def _arms(asked: ToAct, campaign: Campaign, holdout: float) -> Arms:
    """The arms, each treated one with the offer that they were meant to get before arms were drawn."""
    draw, people, chosen = _draw(asked, campaign), asked.candidates.customer_id, asked.chosen
    assert asked.reach is not None
    meant = random_offers(draw, people, asked.reach)
    if chosen is not None:
        meant = np.where(chosen.customers, chosen.offer, meant)
    stratum = meant_for(asked.candidates.stratum, [offer.name for offer in asked.offers], meant)
    arms = _arms_within(stratum, asked, campaign, holdout)
    return replace(arms, offer=np.where(arms.treated, meant[arms.rows], -1))


def _arms_within(stratum: np.ndarray, asked: ToAct, campaign: Campaign, holdout: float) -> Arms:
    draw, places, people = _draw(asked, campaign), places_of(asked), asked.candidates.customer_id
    if campaign.kind == "triggered":
        arms = triggered_arms(draw, people, stratum, holdout)
        full = np.cumsum(arms.treated) > (len(arms) if places is None else places)
        return _taken(arms, ~full)
    if asked.chosen is None:
        return first_arms(draw, people, stratum, len(people) if places is None else places, holdout)
    chosen = asked.chosen.customers
    treated = round(int(chosen.sum()) * (1 - holdout))
    treated = treated if places is None else min(treated, places)
    explored = round(EXPLORED_SHARE * (len(people) if places is None else min(places, len(people))))
    if places is not None and (most := places - explored) < treated:
        holdout = 1 - most / int(chosen.sum())
    return later_arms(draw, people, stratum, chosen, holdout, explored)


def _draw(asked: ToAct, campaign: Campaign) -> Draw:
    return Draw(int(campaign.declared.get("seed", asked.seed)), campaign.playbook, campaign.name)


def _taken(arms: Arms, stay: np.ndarray) -> Arms:
    return Arms(arms.rows[stay], arms.treated[stay], arms.propensity[stay], arms.stratum[stay], arms.offer[stay])


def _rows(asked: ToAct, campaign: Campaign, candidates: Candidates, arms: Arms) -> pa.Table:
    ids = candidates.customer_id.cast(pa.string()).take(pa.array(arms.rows))
    names = np.array([*(offer.name for offer in asked.offers), ""], dtype=object)
    channels = np.array([*(offer.channel for offer in asked.offers), ""], dtype=object)
    costs = np.array([*(offer.cost for offer in asked.offers), 0.0])
    offer = arms.offer if asked.offers else np.full(len(arms), -1)
    count = len(arms)
    return pa.table(
        {
            "customer_id": ids,
            "assigned_at": pa.array(np.full(count, asked.at), pa.int64()),
            "playbook": pa.array([campaign.playbook] * count, pa.string()),
            "campaign": pa.array([campaign.name] * count, pa.string()),
            "arm": pa.array(np.where(arms.treated, TREATED, CONTROL), pa.string()),
            "offer": pa.array(names[offer], pa.string()),
            "channel": pa.array(channels[offer], pa.string()),
            "cost": pa.array(costs[offer], pa.float64()),
            "stratum": pa.array([str(one) for one in arms.stratum], pa.string()),
            "propensity": pa.array(arms.propensity, pa.float64()),
        }
    ).sort_by("customer_id")


def _rate(candidates: Candidates) -> float:
    chance = candidates.chance[candidates.may_be_reached]
    return float(np.clip(np.mean(chance), 0, 1)) if len(chance) else 0.0
