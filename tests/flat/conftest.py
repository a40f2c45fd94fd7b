"""A run on a small flat table, which nothing may change."""

from __future__ import annotations

import pyarrow as pa
import pytest

import foretell as ft
from foretell.flat.run import FlatOutcome
from made_customers import made_customers


@pytest.fixture(scope="session")
def outcome() -> FlatOutcome:
    """Sixty rows, five of them open; a column that leads all others under a name that tells nothing."""
    table = made_customers(60)
    labels = [None] * 5 + table["churned"].to_pylist()[5:]
    return ft.run(table.set_column(5, "churned", pa.array(labels)), label="churned", drop=["pay"]).outcome
