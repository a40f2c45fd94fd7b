"""Steered plans: what a playbook's own finished campaigns say of each candidate's effect, by the newest log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from foretell.actions.arms import meant_offers
from foretell.actions.assignments import TREATED, Assignments, Campaign
from foretell.actions.planning.effect import Effect
from foretell.actions.planning.steering import Experience, Steering, steering_of, unsteered
from foretell.actions.planning.worth import worth_of
from foretell.alerts.rules import ids_of
from foretell.answers.published import PublishedRun
from foretell.features import features_of
from foretell.outcomes.campaign import CampaignResult, explored_rows
from foretell.pipeline.actions.campaign_table import known_before
from foretell.pipeline.actions.candidates import Gathered
from foretell.pipeline.actions.choosing.believed import offers_apart
from foretell.pipeline.actions.columns import columns_named
from foretell.pipeline.actions.results import rows_of
from foretell.pipeline.intake.log import kept_engine
from foretell.uplift.trial import Worth

LEARNED_FROM = (
    "age_days", "days_since_last_order", "orders_life", "orders_90d", "orders_365d", "spend_life", "spend_90d",
    "order_value_mean_life", "gap_days_mean", "hiatus_in_mean_gaps", "categories_life", "first_order_discount_share",
    "refunded_share_life", "contacts_90d", "clicks_90d", "days_since_last_click",
)  # fmt: skip
"""What effects are learned from, beside what the rules of the playbook read: few facts, since campaigns are small, and
fixed beforehand, so that nothing is picked for how it came out."""


def steered(run: PublishedRun, found: Gathered, effect: Effect, over: Sequence[CampaignResult]) -> Steering:
    """How far each candidate's effect is from the average, for each offer: by how far offers differ in the finished
    campaigns `over`, and customers where that is proved; nobody's where the average is a guess."""
    playbook = found.playbook
    offers = [offer.name for offer in playbook.offers] or [""]
    if effect.source == "guess" or playbook.is_rest:
        return unsteered(offers, len(found.candidates), "the effect is a guess, of which nothing is learned")
    names = _names(run, playbook.names)
    past = experience_of(run, playbook.name, offers, names)
    rows = _rows_of(run, found.candidates.customer_id)
    columns = columns_named(run, names)
    now = np.column_stack([np.asarray(columns[name], dtype=np.float64)[rows] for name in names])
    steering = steering_of(past, now, names, offers, _worth(run, found), run.request.settings.seed)
    return replace(steering, apart=steering.apart + offers_apart(playbook, over)[:, None])


def experience_of(run: PublishedRun, playbook: str, offers: list[str], names: tuple[str, ...]) -> Experience:
    """Everybody of the finished campaigns of a playbook: what they were meant to get, what came of it, and these
    features as they were known before the draw."""
    ledger = Assignments(run.request.place.state)
    parts = [part for one in ledger.campaigns(playbook) if (part := _of(run, ledger, one, (offers, names))) is not None]
    if not parts:
        none, no = np.zeros(0), np.zeros(0, dtype=bool)
        nobody = pa.array([], pa.string())
        return Experience(nobody, none.astype(np.int64), no, no, none, no, np.zeros((0, len(names))))
    ids = pa.chunked_array([part.customer_id for part in parts], pa.string()).combine_chunks()
    arrays = list(Experience.__annotations__)[1:]
    return Experience(ids, *(np.concatenate([getattr(part, name) for part in parts]) for name in arrays))


def _of(
    run: PublishedRun, ledger: Assignments, campaign: Campaign, about: tuple[list[str], tuple[str, ...]]
) -> Experience | None:
    offers, names = about
    rows = rows_of(run, ledger, campaign)
    if not len(rows) or not rows.drawn.complete.all():
        return None
    drawn = rows.drawn
    treated = drawn.arm == TREATED
    declared = [str(part["name"]) for part in campaign.declared.get("offers", ())] or [""]
    meant = meant_offers(drawn.stratum.tolist(), declared)
    number = np.array([*(offers.index(one) if one in offers else -1 for one in declared), -1])
    known = known_before(run, rows, np.arange(len(rows)), names)
    return Experience(
        rows.followed.customer_id,
        number[meant],
        treated,
        rows.outcomes.orders > 0,
        drawn.propensity,
        explored_rows(drawn),
        np.column_stack([known[name] for name in names]),
    )


def _names(run: PublishedRun, ruled: tuple[str, ...]) -> tuple[str, ...]:
    features = features_of(kept_engine(run.request).tables)
    return tuple(dict.fromkeys(name for name in (*LEARNED_FROM, *ruled) if name in features))


def _rows_of(run: PublishedRun, customers: pa.Array) -> np.ndarray:
    place = {one: row for row, one in enumerate(ids_of(run.main.scores).to_pylist())}
    return np.array([place[one] for one in customers.to_pylist()], dtype=np.int64)


def _worth(run: PublishedRun, found: Gathered) -> list[Worth]:
    """Of each offer what one order more brings on average of those who may be reached, and what a contact costs."""
    may = found.candidates.may_be_reached
    if not may.any():
        return [Worth(0.0, np.zeros(2))] * max(len(found.playbook.offers), 1)
    worth = worth_of(found.playbook, found.expected.taken(np.flatnonzero(may)), run.request.settings.margin)
    return [
        Worth(float(gain.mean()), np.array([0.0, float(money.mean())]))
        for gain, money in zip(worth.gain, worth.money, strict=True)
    ]
