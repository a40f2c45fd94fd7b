"""Orders on the first or the last days of months alone are told to look like sums."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.progress import Silent


@pytest.mark.parametrize(("shift", "odd", "told"), [(0, 0, "first day"), (-1, 0, "last day"), (0, 1, ""), (3, 0, "")])
@pytest.mark.parametrize("timezone", ["UTC", "America/New_York"])
def test_sums_of_months_that_are_written_as_days(
    shift: int, odd: int, told: str, timezone: str, tmp_path: Path
) -> None:
    days = [date(2025, n % 8 + 1, 1) + timedelta(days=shift) for n in range(40)]
    days[7] += timedelta(days=odd)
    path = tmp_path / "orders.csv"
    path.write_text("who,day,sum\n" + "".join(f"c{n % 5},{day},{n}.50\n" for n, day in enumerate(days)))
    columns = {"customer": "who", "time": "day", "amount": "sum"}
    request = request_for_files([path], tmp_path / "out", columns=columns, timezone=timezone)
    files = source_of(request)
    found, settled = settled_columns(files, request, None)
    notes = " ".join(brought_up_to_date(settled, files, found, Silent()).intake.notes)
    assert ("day of a month" in notes, told in notes) == (bool(told), True)
