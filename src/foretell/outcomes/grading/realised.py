"""What happened in the window of a forecast, as the log knows it now: by customer, from the engine's own labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from foretell.examples.labels import own_labels, regular
from foretell.examples.plan import EVERYTHING
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays
from foretell.project.intervals import Window, label_window
from foretell.timelines.as_of import Past
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey

NAMES = ("ordered", "orders", "spend", "declined")


@dataclass(frozen=True)
class Realised:
    """One entry a customer of the log, by ascending key: `ordered` (0 or 1), `orders` and `spend` (in currency) in
    `[as_of, as_of + horizon)`, float64; `declined` is 1 where spend was under half of the customer's own rate, NaN of
    whom that cannot be asked."""

    customer_key: np.ndarray
    values: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def of_keys(self, keys: np.ndarray) -> tuple[np.ndarray, Realised]:
        """bool [keys]: whose outcome the log knows, and what happened to them, in their order."""
        if not len(self.customer_key):
            return np.zeros(len(keys), dtype=bool), self
        place = np.searchsorted(self.customer_key, keys).clip(max=len(self.customer_key) - 1)
        known = self.customer_key[place] == keys
        rows = place[known]
        return known, Realised(keys[known], {name: values[rows] for name, values in self.values.items()})

    @property
    def fingerprint(self) -> str:
        """Told from who they are and what happened to them: it changes when late facts change an outcome."""
        return fingerprint_of_arrays(self.customer_key, *(self.values[name] for name in NAMES))


def realised(engine: Engine, as_of: int, horizon_days: int, survey: Survey) -> Realised:
    """What happened in the window, whenever it became known: late facts count, facts after the window do not.
    `survey` is the log as it looked before the window's end, or `as_of`."""
    of_batch = partial(_of_batch, as_of=as_of, horizon_days=horizon_days, survey=survey)
    parts: Sequence[Realised] = list(engine.over(of_batch, EVERYTHING))
    if not parts:
        return Realised(np.zeros(0, dtype=np.uint64), {name: np.zeros(0) for name in NAMES})
    key = np.concatenate([part.customer_key for part in parts])
    order = np.argsort(key, kind="stable")
    return Realised(key[order], {name: np.concatenate([part[name] for part in parts])[order] for name in NAMES})


def _of_batch(batch: Timelines, as_of: int, horizon_days: int, survey: Survey) -> Realised:
    (view,) = batch.each_view([as_of], survey.population)
    rhythmic, rate = regular(view, horizon_days)
    labels = own_labels(batch, as_of, horizon_days)
    labels["declined"] = np.where(rhythmic, labels["spend"] < 0.5 * np.nan_to_num(rate), np.nan)
    gone = np.isin(batch.customer_key, batch.joined)
    return Realised(batch.customer_key[~gone], {name: labels[name][~gone] for name in NAMES})


def digests_of(engine: Engine, windows: Sequence[Window]) -> list[str]:
    """What identifies all that happened in each window to those who had ordered before it, told in one pass: where it
    is the same, no grade has changed."""
    parts = list(engine.over(partial(_digests_of_batch, windows=tuple(windows)), EVERYTHING))
    return [fingerprint([part[place] for part in parts]) for place in range(len(windows))]


def _digests_of_batch(batch: Timelines, windows: Sequence[Window]) -> list[str]:
    gone = np.isin(batch.customer_key, batch.joined)
    found = []
    for window in windows:
        labels = own_labels(batch, window.start, round(window.days))
        there = ~gone & (Past(batch.orders, window.start, {}).count() > 0)
        found.append(fingerprint_of_arrays(batch.customer_key[there], labels["orders"][there], labels["spend"][there]))
    return found


def ripe_at(as_of: int, horizon_days: int, log_ends: int) -> bool:
    """Whether the whole window lies before the end of the log (the midnight after its last complete day)."""
    window: Window = label_window(as_of, horizon_days)
    return window.end <= log_ends
