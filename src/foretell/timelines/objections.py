"""Who objects to profiling: nothing is forecast of them from the moment on at which that was known."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.consents import CONSENTS, PROFILING
from foretell.timelines.as_of import AsOf, Past
from foretell.timelines.batch import Timelines

GRANTED, DENIED, USE = code_of("granted"), code_of("denied"), code_of(PROFILING)


def object_to_profiling(consents: Past) -> np.ndarray:
    """bool [customers]: whose last word about profiling, through whichever channel, is a denial; of two words of the
    same moment the denial counts. What says neither is no word; who never said anything does not object."""
    said = consents.where("use", USE)
    denied, granted = (said.where("standing", standing).last("happened_at") for standing in (DENIED, GRANTED))
    return np.asarray(~np.isnan(denied) & ~(granted > denied))


def objecting_before(batch: Timelines, cutoff: int) -> np.ndarray:
    """bool [customers]: who of a batch objected before the cutoff, as was known before it."""
    if CONSENTS.name not in batch.table_names:
        return np.zeros(len(batch.customer_key), dtype=bool)
    facts = batch.table(CONSENTS.name).lasting(min(cutoff, NEVER))
    late = facts.columns["known_at"] >= cutoff
    return object_to_profiling(Past(facts.kept(~late) if late.any() else facts, cutoff))


def may_be_profiled(view: AsOf) -> np.ndarray:
    """bool [customers]: of whom forecasts are made at the cutoff, and who teaches there: those with an order before it
    who did not object before it. An objection does not change what earlier cutoffs see."""
    ordered = view.orders.count() > 0
    if CONSENTS.name not in view.population.begun:
        return ordered
    return np.asarray(ordered & ~object_to_profiling(view.table(CONSENTS.name)))
