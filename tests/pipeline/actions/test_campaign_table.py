"""The table of a campaign to learn from holds what was known before the draw, and nothing else."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.actions.campaign_files import rows_forgotten
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.actions.campaign_table import write_tables
from foretell.pipeline.actions.results import results
from foretell.project.intervals import day_of, days
from foretell.project.place import Place
from shop import Rows
from shops.acting_shop import acting_shop

BACK_DAYS = 40


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A shop that contacted every other customer so many days before its last day."""
    place = acting_shop(shop_run, tmp_path)
    run = published(place)
    at = run.record.as_of - days(BACK_DAYS)
    ids = run.main.scores["customer_id"].to_pylist()
    given = {
        "assigned_at": at,
        "playbook": "win back",
        "campaign": "win back 1",
        "offer": "",
        "channel": "",
        "cost": 0.5,
    }
    rows = [
        {"customer_id": who, "arm": arm, "stratum": "all", "propensity": 0.5, **given}
        for who, arm in zip(ids, cycle(("treated", "control")), strict=False)
    ]
    campaign = Campaign("win back 1", "win back", "batch", at, 30, "orders", {"offers": []})
    Assignments(place.state).commit(
        campaign, Act(run.record.run, "Ann", at), pa.Table.from_pylist(rows, schema=ASSIGNED)
    )
    return place


def test_features_are_those_of_before_the_draw_and_outcomes_those_after(place: Place, shop: Rows) -> None:
    run = published(place)
    (path,) = write_tables(place, results(place)).values()
    table = pq.read_table(path)
    begin = day_of(run.record.as_of - days(BACK_DAYS), "UTC")
    end = day_of(run.record.as_of - days(BACK_DAYS - 30), "UTC")
    known, came = dict[str, set[str]](), dict[str, set[str]]()
    for row in shop:
        if row["sold_at"][:10] < begin:
            known.setdefault(row["customer"], set()).add(row["order_no"])
        elif row["sold_at"][:10] < end:
            came.setdefault(row["customer"], set()).add(row["order_no"])
    ids = table["customer_id"].to_pylist()
    assert sorted(ids) == sorted(run.main.scores["customer_id"].to_pylist())
    assert set(table["arm"].to_pylist()) == {"treated", "control"}
    assert table["orders"].to_pylist() == [len(came.get(who, ())) for who in ids]
    lifetime = np.nan_to_num(table["orders_life"].to_numpy())
    assert lifetime.tolist() == [len(known.get(who, ())) for who in ids]
    assert set(known) <= set(ids)
    assert rows_forgotten(place.out, lambda ids: pc.is_null(ids).to_numpy(zero_copy_only=False)) == 0
    assert not path.exists()
