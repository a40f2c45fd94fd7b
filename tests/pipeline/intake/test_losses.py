"""Many orders below zero are told with their share; some refunds are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.progress import Silent


@pytest.mark.parametrize(("below", "order", "told"), [(10, True, True), (2, True, False), (10, False, False)])
def test_orders_at_a_loss(below: int, order: bool, told: bool, tmp_path: Path) -> None:
    rows = [f"c{n % 5},{n},2025-01-{n % 28 + 1:02d},{-n - 1 if n < below else n}.50" for n in range(40)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["who,no,day,profit", *rows]) + "\n")
    columns = {"customer": "who", "time": "day", "amount": "profit"} | ({"order": "no"} if order else {})
    request = request_for_files([path], tmp_path / "out", columns=columns)
    files = source_of(request)
    found, settled = settled_columns(files, request, None)
    notes = " ".join(brought_up_to_date(settled, files, found, Silent()).intake.notes)
    assert ("10 of 40 orders (25\xa0%) lie below zero in profit" in notes) == told
