"""The table of a campaign to learn from: who was in which arm, what came of it, and what was known before it.

It is the file that `foretell experiment` and `foretell uplift` read, so that what is learned of whom contact changes is
learned from the project's own campaigns as from anybody's.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.actions.assignments import Assignments
from foretell.actions.campaign_files import LEARN_FILE, folder_of
from foretell.answers.published import PublishedRun, published
from foretell.examples.assembly import Assembly
from foretell.features import features_of
from foretell.outcomes.campaign import CampaignResult
from foretell.pipeline.actions.results import CampaignRows, rows_of
from foretell.pipeline.intake.log import kept_engine
from foretell.project.fingerprints import keys_of
from foretell.project.place import Place
from foretell.storage.written_aside import all_written


def write_tables(place: Place, found: tuple[CampaignResult, ...]) -> dict[str, Path]:
    """Write the table of each campaign, of which a window is over, into its folder; campaign to path."""
    run, ledger, written = published(place), Assignments(place.state), dict[str, Path]()
    for one in found:
        table = campaign_table(run, rows_of(run, ledger, one.campaign))
        if len(table):
            folder = folder_of(place.out, one.campaign.name)
            writers = {LEARN_FILE: lambda path, table=table: pq.write_table(table, path)}
            written[one.campaign.name] = all_written(folder, writers)[LEARN_FILE]
    return written


def campaign_table(run: PublishedRun, rows: CampaignRows) -> pa.Table:
    """One row for each customer whose window is over: `customer_id, arm, orders, spend, profit`, and every feature as
    it was known before their assignment (float64, null where it cannot be told). Profit has the cost of the contact
    and what offers took off in it already."""
    complete = np.flatnonzero(rows.drawn.complete)
    columns = {
        "customer_id": rows.followed.customer_id.take(pa.array(complete)),
        "arm": pa.array(rows.drawn.arm[complete].tolist(), pa.string()),
        "orders": pa.array(rows.outcomes.orders[complete]),
        "spend": pa.array(rows.outcomes.spend[complete]),
        "profit": pa.array(rows.profit[complete]),
    }
    known = known_before(run, rows, complete, tuple(features_of(kept_engine(run.request).tables)))
    return pa.table(columns | {name: pa.array(own, from_pandas=True) for name, own in known.items()})


def known_before(
    run: PublishedRun, rows: CampaignRows, own: np.ndarray, names: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """These features of some rows (positions) as they were at the moment of their assignment; float64, NaN where they
    cannot be told."""
    engine, main = kept_engine(run.request), run.main
    since = rows.followed.since[own]
    keys = keys_of(rows.followed.customer_id.take(pa.array(own)).to_pylist())
    found = np.full((len(own), len(names)), np.nan)
    for moment in np.unique(since).tolist():
        assembly = Assembly((moment,), main.horizon_days, names, main.plan.survey, labelled=False)
        at = np.flatnonzero(since == moment)
        for part in engine.over(assembly, run.record.as_of):
            order = np.argsort(part.customer_key)
            place = np.minimum(np.searchsorted(part.customer_key, keys[at], sorter=order), len(order) - 1)
            hit = part.customer_key[order[place]] == keys[at]
            found[at[hit]] = part.features[order[place[hit]]]
    return dict(zip(names, found.T, strict=True))
