"""The scores of the run before: a small copy of what alert rules compare with, kept beside the state of the alerts."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.alerts.rules import columns_of
from foretell.project.errors import InputError

FOLDER = "alerts"
NAME = re.compile(r"scores-(-?\d+)-(\d+)d\.parquet")
KEPT = 2


def keep_scores(scores: pa.Table, names: Collection[str], as_of: int, horizon_days: int, state: Path) -> None:
    """Keep ids and the named columns of a run; of each horizon the two newest days stay."""
    folder = state / FOLDER
    path = folder / f"scores-{as_of}-{horizon_days}d.parquet"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        kept = scores.select(["customer_id", *dict.fromkeys(names)])
        pq.write_table(kept.set_column(0, "customer_id", ids_of(scores)), aside)
        os.replace(aside, path)
        for _, old in _kept(folder, horizon_days)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            "The scores cannot be kept for the next run.", file=str(path), found=str(error), hint="is the disk full?"
        ) from error


def scores_before(
    scores: pa.Table, names: Collection[str], as_of: int, horizon_days: int, state: Path
) -> dict[str, np.ndarray] | None:
    """The named columns as they stood in the newest run before that day, on the rows of `scores`, null for customers
    who had no scores then; None without such a run. A column that was not kept then is left out."""
    earlier = [path for day, path in _kept(state / FOLDER, horizon_days) if day < as_of]
    if not earlier:
        return None
    kept = pq.read_table(earlier[-1])
    place = pc.index_in(ids_of(scores), value_set=kept["customer_id"].combine_chunks())
    return columns_of(kept.take(place), [name for name in dict.fromkeys(names) if name in kept.column_names])


def ids_of(scores: pa.Table) -> pa.Array:
    """The customers' ids as text."""
    found: pa.ChunkedArray = scores["customer_id"].cast(pa.string())
    return found.combine_chunks()


def _kept(folder: Path, horizon_days: int) -> list[tuple[int, Path]]:
    matches = [(NAME.fullmatch(path.name), path) for path in folder.glob("scores-*d.parquet")]
    return sorted((int(match[1]), path) for match, path in matches if match and int(match[2]) == horizon_days)
