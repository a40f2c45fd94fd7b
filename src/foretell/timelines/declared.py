"""The facts of a declared table for a batch of customers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.tables.registry import FactTable
from foretell.timelines.derived import code_columns
from foretell.timelines.facts import Facts


def facts_of_table(table: FactTable, rows: pa.Table, customer_key: np.ndarray) -> Facts:
    """The rows (by customer and time, with `known_at`) of the customers of a batch, whose keys ascend; those of others
    are left out. A role that a fact does not tell is 0, and `has_<role>` says so."""
    owner = rows["customer_key"].to_numpy()
    offsets = np.searchsorted(owner, customer_key, side="left"), np.searchsorted(owner, customer_key, side="right")
    own = np.zeros(len(owner) + 1, dtype=np.int64)
    np.add.at(own, offsets[0], 1)
    np.add.at(own, offsets[1], -1)
    kept = rows.filter(pa.array(np.cumsum(own[:-1]) > 0))
    columns = {"happened_at": kept["happened_at"].to_numpy(), "known_at": kept["known_at"].to_numpy()}
    for role in table.roles:
        columns[role.name] = pc.fill_null(kept[role.name], 0).to_numpy()
        columns[f"has_{role.name}"] = kept[role.name].is_valid().to_numpy().astype(np.int64)
    texts = [role.name for role in table.roles if role.holds == "text"]
    derived = {name: column for name, column in code_columns(texts).items() if name not in columns}
    return Facts(np.concatenate([[0], np.cumsum(offsets[1] - offsets[0])]), columns, derived)
