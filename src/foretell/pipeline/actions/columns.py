"""What the rules of playbooks read of a run: its scores, and whichever features they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foretell.alerts.rules import columns_of
from foretell.answers.published import PublishedRun
from foretell.examples.assembly import Assembly
from foretell.features import features_of
from foretell.pipeline.intake.log import kept_engine
from foretell.segments.conditions import Kind


def kinds_of_run(run: PublishedRun) -> dict[str, Kind]:
    """What a rule may name, and whether it holds numbers or texts."""
    scores = columns_of(run.main.scores)
    kinds: dict[str, Kind] = {name: "text" if column.dtype == object else "number" for name, column in scores.items()}
    return {**dict.fromkeys(features_of(kept_engine(run.request).tables), "number"), **kinds}


def columns_named(run: PublishedRun, names: Sequence[str]) -> Mapping[str, np.ndarray]:
    """The named columns on the rows of the scores. Features are those of the day of the run, computed from the log
    where the run kept them not."""
    scores = columns_of(run.main.scores)
    kept = [name for name in names if name not in scores and name in run.main.customers.column_names]
    others = tuple(name for name in names if name not in scores and name not in kept)
    return scores | columns_of(run.main.customers, kept) | (_computed(run, others) if others else {})


def _computed(run: PublishedRun, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    main, as_of = run.main, run.record.as_of
    assembly = Assembly((as_of,), main.horizon_days, names, main.plan.survey, labelled=False)
    parts = list(kept_engine(run.request).over(assembly, as_of))
    keys = np.concatenate([part.customer_key for part in parts])
    wanted = main.customers["customer_key"].to_numpy()
    order = np.argsort(keys)
    place = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    found = keys[place] == wanted
    return {
        name: np.where(found, np.concatenate([part.feature(name) for part in parts])[place], np.nan) for name in names
    }
