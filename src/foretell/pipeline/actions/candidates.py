"""The candidates of a playbook, from a published run: who they are, who may be reached, and what to expect of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.actions.candidates import Candidates
from foretell.actions.eligibility import PastContacts, reach_of, why_not
from foretell.actions.planning.worth import Expected
from foretell.actions.playbook import Playbook, declared_playbooks, playbook_named, playbook_of
from foretell.alerts.rules import ids_of
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.customer_log.tables.consents import CONSENTS
from foretell.pipeline.actions.columns import columns_named, kinds_of_run
from foretell.pipeline.actions.consents import standings_of
from foretell.pipeline.actions.contacts import last_contacts
from foretell.pipeline.declared_names import refuse_unknown_names
from foretell.pipeline.intake.log import kept_engine

NO_SEGMENT = "no segment"
NOTHING_DONE = PastContacts()
EXPECTED = ("p_purchase", "expected_orders", "expected_spend", "expected_spend_low", "expected_spend_high", "clv_12m")
EIGHTY_PERCENT_WIDE = 2.5631
"""Standard deviations from the lower to the upper end of an interval that holds 80 % of a normal distribution."""


@dataclass(frozen=True)
class Gathered:
    """What a plan reads of a run. `reach` is bool [offers, candidates]: which offer may reach whom; `horizon_days` is
    that of the forecasts from which `expected` was told for the playbook's window; `has_consents` says whether a source
    tells who may be addressed, and `customers` how many were scored."""

    playbook: Playbook
    candidates: Candidates
    reach: np.ndarray
    expected: Expected
    horizon_days: int
    has_consents: bool
    customers: int


def playbook_of_run(run: PublishedRun, name: str) -> Playbook:
    """A declared playbook, understood by what a run knows; InputError where there is none of the name, or its rules
    name what is not known."""
    parts, offers = declared_playbooks(run.request.place)
    part = playbook_named(name, parts)
    refuse_unknown_names(run.request)
    return playbook_of(part, offers, kinds_of_run(run))


def candidates_of(run: PublishedRun, playbook: Playbook, past: PastContacts = NOTHING_DONE) -> Candidates:
    """Everybody of whom the playbook's rule holds, in the order of the scores, and why some may not be reached.

    `past` is what the ledger knows; contacts that the log knows are added. Nothing is written.
    """
    return gathered(run, playbook, past).candidates


def gathered(run: PublishedRun, playbook: Playbook, past: PastContacts = NOTHING_DONE) -> Gathered:
    """The same, with what a plan reads beside it."""
    ids, as_of = ids_of(run.main.scores), run.record.as_of
    engine = kept_engine(run.request)
    columns = columns_named(run, playbook.names)
    rows = np.flatnonzero(playbook.when.holds(columns))
    left_alone = playbook.never.holds(columns) if playbook.never else np.zeros(len(ids), dtype=bool)
    channels = {offer.channel for offer in playbook.offers}
    standings = standings_of(engine, as_of, ids, channels) if channels else {}
    reach = reach_of(playbook, standings, CONSENTS.name in engine.tables, len(ids))
    reasons = why_not(playbook, ids, reach, left_alone, _with_log(past, run, playbook), as_of)
    over = min(run.horizons, key=lambda one: (abs(one.horizon_days - playbook.window_days), one.horizon_days))
    expected = _over_window(over, playbook.window_days)
    found = Candidates(
        playbook.name,
        as_of,
        ids.take(pa.array(rows)),
        reasons[rows],
        strata(columns.get("segment"), expected.chance, rows),
        expected.chance[rows],
        expected.spend[rows],
    )
    own, has_consents = expected.taken(rows), CONSENTS.name in engine.tables
    return Gathered(playbook, found, reach[:, rows], own, over.horizon_days, has_consents, len(ids))


def strata(segment: np.ndarray | None, chance: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """texts [rows]: segment and risk; the half of all candidates with the lower chance of an order is at high risk."""
    own = chance[rows]
    high = own < np.median(own) if len(own) else np.zeros(0, dtype=bool)
    names = [NO_SEGMENT] * len(rows) if segment is None else [name or NO_SEGMENT for name in segment[rows]]
    told = [f"{name}, {'high' if risk else 'low'} risk" for name, risk in zip(names, high.tolist(), strict=True)]
    return np.array(told, dtype=object)


def _over_window(over: RunOverHorizon, window_days: int) -> Expected:
    """What is expected in a window, from the forecasts over a horizon: orders are taken to come at one rate over both,
    and what spend scatters by grows with the root of the time."""
    share = window_days / over.horizon_days
    scores = {name: over.scores[name].to_numpy().astype(np.float64) for name in EXPECTED}
    chance = np.clip(np.nan_to_num(scores["p_purchase"]), 0, 1)
    spread = (scores["expected_spend_high"] - scores["expected_spend_low"]) / EIGHTY_PERCENT_WIDE
    return Expected(
        1 - (1 - chance) ** share,
        np.maximum(np.nan_to_num(scores["expected_orders"]), 0) * share,
        np.maximum(np.nan_to_num(scores["expected_spend"]), 0) * share,
        scores["clv_12m"],
        np.maximum(np.nan_to_num(spread), 0) * np.sqrt(share),
    )


def _with_log(past: PastContacts, run: PublishedRun, playbook: Playbook) -> PastContacts:
    """What the ledger knows, and what the log knows beside it: of each customer the later contact."""
    own, every = last_contacts(kept_engine(run.request), run.record.as_of, playbook.name)
    return replace(past, by_playbook=_later(past.by_playbook, own), by_any=_later(past.by_any, every))


def _later(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {who: max(one.get(who, other.get(who, 0)), other.get(who, 0)) for who in {**one, **other}}
