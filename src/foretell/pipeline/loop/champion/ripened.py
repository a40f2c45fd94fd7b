"""Shadow scores that met their outcome: looks at the model that serves beside its predecessor and the best baseline,
over untreated customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import TREATED, Assignments
from foretell.examples.labels import own_labels
from foretell.examples.plan import EVERYTHING
from foretell.outcomes.grading.realised import ripe_at
from foretell.outcomes.retraining.early import at_early_days, early_days, log_losses
from foretell.outcomes.retraining.evidence import Evidence, Look, apart, evidence
from foretell.outcomes.retraining.shadow import BASELINE, CHAMPION, PREDECESSOR, SHADOW_SCORES, ShadowScores
from foretell.project.intervals import days
from foretell.storage.artefacts import Damaged
from foretell.storage.catalogue import Catalogue
from foretell.storage.kept_for_good import KeptForGood
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

ALPHA = 0.05
AGAINST = (PREDECESSOR, BASELINE)
Window = tuple[int, int]
"""When a window begins, in microseconds UTC, and its length in days."""


@dataclass(frozen=True)
class Claim:
    """What ripe shadow scores say of the model that serves, against another one, at one horizon."""

    against: str
    horizon_days: int
    found: Evidence


def ripe_windows(kept: Sequence[KeptForGood], log_ends: int) -> list[Window]:
    """The windows of shadow scores that lie before the end of the log, at the early horizon and the full one; those of
    one length do not overlap."""
    found = []
    for horizon_days in sorted({one.horizon_days for one in kept}):
        for length in sorted({early_days(horizon_days), horizon_days}):
            moments = [one.as_of for one in kept if one.horizon_days == horizon_days]
            ripe = [one for one in moments if ripe_at(one, length, log_ends)]
            found += [(moment, length) for moment in apart(ripe, days(length))]
    return found


def claims(catalogue: Catalogue, engine: Engine, kept: Sequence[KeptForGood], windows: Sequence[Window]) -> list[Claim]:
    """What the windows show, against each of the others; the error is divided over two horizons and two others. Shadow
    scores that are damaged are left out."""
    read = {one.as_of: shadow for one in kept if (shadow := _read(catalogue, one)) is not None}
    windows = [one for one in windows if one[0] in read]
    ordered, ledger = ordered_in(engine, windows), _treated(catalogue)
    found = []
    for length in sorted({one for _, one in windows}):
        for against in AGAINST:
            looks = [
                _look(read[moment], against, length, ordered[moment, length], ledger)
                for moment, own in windows
                if own == length and against in read[moment].asked
            ]
            if looks:
                found.append(Claim(against, length, evidence(looks, ALPHA / 4)))
    return found


@dataclass(frozen=True)
class Ordered:
    """Who ordered in a window: keys of the customers of the log, ascending, and bool."""

    customer_key: np.ndarray
    came: np.ndarray


def ordered_in(engine: Engine, windows: Sequence[Window]) -> Mapping[Window, Ordered]:
    """Who ordered in each of the windows, in one pass over the log; customers that were joined with another since are
    left out."""
    if not windows:
        return {}
    parts = list(engine.over(_Labels(tuple(windows)), EVERYTHING))
    if not parts:
        return {one: Ordered(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=bool)) for one in windows}
    keys = np.concatenate([key for key, _ in parts])
    came = np.concatenate([labels for _, labels in parts], axis=1)
    order = np.argsort(keys, kind="stable")
    return {one: Ordered(keys[order], came[place][order]) for place, one in enumerate(windows)}


@dataclass(frozen=True)
class _Labels:
    windows: tuple[Window, ...]

    def __call__(self, batch: Timelines) -> tuple[np.ndarray, np.ndarray]:
        stays = ~np.isin(batch.customer_key, batch.joined)
        came = [own_labels(batch, moment, length)["ordered"] > 0 for moment, length in self.windows]
        return batch.customer_key[stays], np.stack(came)[:, stays]


@dataclass(frozen=True)
class _Ledger:
    customer_id: pa.Array
    assigned_at: np.ndarray

    def within(self, shadow: ShadowScores, length: int) -> np.ndarray:
        """bool [customers of the shadow scores]: who was treated within the first so many days."""
        window = shadow.window(length)
        own = (self.assigned_at >= window.start) & (self.assigned_at < window.end)
        ids = shadow.customers["customer_id"].cast(pa.string())
        return np.asarray(pc.is_in(ids, value_set=self.customer_id.filter(pa.array(own))).to_numpy())


def _treated(catalogue: Catalogue) -> _Ledger:
    table = Assignments(catalogue.state).assignments()
    table = table.filter(pc.equal(table["arm"], TREATED)).combine_chunks()
    ids = pa.concat_arrays(table["customer_id"].chunks) if len(table) else pa.array([], pa.string())
    return _Ledger(ids, table["assigned_at"].to_numpy())


def _look(shadow: ShadowScores, against: str, length: int, ordered: Ordered, ledger: _Ledger) -> Look:
    keys = shadow.keys
    place = np.searchsorted(ordered.customer_key, keys).clip(max=max(len(ordered.customer_key) - 1, 0))
    known = ordered.customer_key[place] == keys if len(ordered.customer_key) else np.zeros(len(keys), dtype=bool)
    stays = known & ~ledger.within(shadow, length)
    came = ordered.came[place[stays]]
    chances = [shadow.chance(name)[stays] for name in (CHAMPION, against)]
    if length < shadow.horizon_days:
        chances = [at_early_days(one, shadow.early_exponent) for one in chances]
    ours, theirs = (log_losses(one, came) for one in chances)
    return Look(shadow.as_of, keys[stays], ours - theirs)


def _read(catalogue: Catalogue, one: KeptForGood) -> ShadowScores | None:
    try:
        return catalogue.artefacts.read(SHADOW_SCORES, one.kept)
    except Damaged:
        return None
