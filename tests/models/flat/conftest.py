"""A flat table to learn from."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.examples.flat.columns import flat_column
from foretell.examples.flat.label import label_of
from foretell.examples.flat.table import FlatTable, flat_table
from made_customers import made_customers

Taught = tuple[FlatTable, np.ndarray]


@pytest.fixture(scope="session")
def taught() -> Taught:
    """240 rows with numbers, dates and categories, some empty, and their outcomes."""
    table = made_customers()
    columns = [flat_column(name, table[name], ".", 2 * 10**15) for name in ("tenure", "plan", "pay", "joined")]
    for column in columns:
        column.values[:: 7 + len(column.name)] = np.nan
    return flat_table(columns, len(table)), label_of("churned", table["churned"]).outcome
