"""What the last run was asked is kept, or its loss is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.pipeline.columns import outcome_of
from foretell.pipeline.memory import FILE_NAME, remember, remembered
from foretell.pipeline.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.progress import Silent


def test_a_memory_that_cannot_be_written_is_an_error_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,date,amount\nA,2024-01-01,5.5\nB,2024-01-02,6.5\n")
    request = request_for_files([path], tmp_path / "out")
    outcome = outcome_of(request, Silent())
    remember(outcome)
    assert remembered(request.state, request.now).columns == outcome.columns.used()
    (request.state / FILE_NAME).unlink()
    (request.state / FILE_NAME).mkdir()
    with pytest.raises(InputError, match="cannot be written down") as caught:
        remember(outcome)
    assert "disk" in (caught.value.hint or "")
