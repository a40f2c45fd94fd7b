"""Ends: rows of earlier loads that count no longer are written anew with the moment of their end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.line_order import differ, sorted_rows
from foretell.customer_log.schema import NEVER
from foretell.customer_log.versions.contents import placed


@dataclass(frozen=True)
class Ends:
    """Orders of one bucket, each once, that end at `moment`; where `own_only` says so, only their rows in loads of the
    file itself."""

    customer_key: np.ndarray
    order_key: np.ndarray
    own_only: np.ndarray
    moment: int

    def __len__(self) -> int:
        return len(self.order_key)

    def rows(self, path: Path, is_own: bool) -> pa.Table | None:
        """The rows of a stored file with their ends; None where none of them ends."""
        asked = np.ones(len(self), dtype=bool) if is_own else ~self.own_only
        if not asked.any():
            return None
        file = pq.ParquetFile(path)
        keys = file.read(columns=["customer_key", "order_key"], use_threads=False)
        pairs = keys["customer_key"].to_numpy(), keys["order_key"].to_numpy()
        ends = placed(pairs, (self.customer_key[asked], self.order_key[asked])) >= 0
        if not ends.any():
            return None
        rows = file.read(use_threads=False)
        gone = rows["gone_at"].to_numpy() if "gone_at" in rows.column_names else np.full(len(rows), NEVER)
        gone = np.where(ends, np.minimum(gone, self.moment), gone)
        rest = rows.drop_columns("gone_at") if "gone_at" in rows.column_names else rows
        return rest.append_column("gone_at", pa.array(gone))


def ends_of(customer_key: np.ndarray, order_key: np.ndarray, own_only: np.ndarray, moment: int) -> Ends:
    """Ends of orders that may be named twice."""
    rows = sorted_rows([customer_key, order_key])
    first = rows[differ([customer_key[rows], order_key[rows]])]
    return Ends(customer_key[first], order_key[first], own_only[first], moment)


ENDING: Collection[str] = ("orders", "order_lines")
"""The kinds of files whose rows end."""
