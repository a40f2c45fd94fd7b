from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.versions.ledger import LEDGER, in_ledger_order, ledger_of, with_loads

COLUMNS = {"customer_key": [2, 1, 2], "order_key": [7, 9, 3], "digest": [1, 2, 3], "happened_at": [0] * 3}
ROWS = pa.table({**COLUMNS, "load": [1] * 3}, schema=LEDGER)


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert ledger_of([]).equals(LEDGER.empty_table())
    pq.write_table(ROWS, tmp_path / "ledger.parquet")
    assert ledger_of([tmp_path / "ledger.parquet"]).equals(ROWS)


def test_it_stands_by_customer_and_order() -> None:
    found = in_ledger_order(with_loads(ROWS, np.array([4, 5, 6])))
    assert found.select(["customer_key", "order_key", "load"]).to_pydict() == {
        "customer_key": [1, 2, 2],
        "order_key": [9, 3, 7],
        "load": [5, 6, 4],
    }
