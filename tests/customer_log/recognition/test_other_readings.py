"""Files without dates or without money are named as what they are, with the line that reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.manifest import Load
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.progress import Silent


def written(folder: Path, header: str, rows: list[str]) -> Path:
    path = folder / "panel.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def refused(path: Path, **options: object) -> InputError:
    request = request_for_files([path], path.parent / "out", **options)
    with pytest.raises(InputError) as error:
        settled_columns(source_of(request), request, None)
    return error.value


def taken_in(path: Path, **options: object) -> tuple[tuple[str, ...], tuple[Load, ...]]:
    request = request_for_files([path], path.parent / "out", **options)
    columns, settled = settled_columns(source_of(request), request, None)
    log = brought_up_to_date(settled, source_of(settled), columns, Silent())
    return log.intake.notes, log.intake.loads


PANEL = [f"h{n % 9},{n // 2 + 1},{n % 5}.50" for n in range(400)]


@pytest.mark.parametrize("name", ["DAY", "tick"])
def test_counted_days_are_named_and_the_first_day_is_asked_for(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"household_key,{name},sales_value", PANEL)
    error = refused(path)
    assert error.what.startswith(f"{name} counts days (1 to 200 in the first rows) and names no date.")
    assert error.column == name
    assert "--first-day 2025-01-01" in (error.hint or "")
    columns = {"customer": "household_key", "time": name, "amount": "sales_value"}
    notes, loads = taken_in(path, first_day="2025-01-01", columns=columns)
    assert f"{name}: day 1 is read as 2025-01-01" in notes
    assert sum(load.lines for load in loads) == 400


def test_a_first_day_finds_the_column_of_days(tmp_path: Path) -> None:
    path = written(tmp_path, "household_key,DAY,sales_value", PANEL)
    assert "DAY: day 1 is read as 2025-01-01" in taken_in(path, first_day="2025-01-01")[0]
    with pytest.raises(InputError, match="first day cannot be read"):
        request_for_files([path], path.parent / "out", first_day="soon")
    dated = written(tmp_path, "household_key,date,sales_value", ["h1,2025-01-02,5.50", "h2,2025-01-03,6.50"])
    assert "no column is seen to count days" in refused(dated, first_day="2025-01-01").what


@pytest.mark.parametrize("months", [("Oct 2025", "Nov 2025"), ("2025-10", "2025-11"), ("10/2025", "11/2025")])
@pytest.mark.parametrize("told", [{}, {"customer": "id", "time": "month", "amount": "sales"}])
def test_sums_of_months_are_no_purchases(months: tuple[str, str], told: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, "id,month,count,sales", [f"c{n},{months[n % 2]},3,{n}.5" for n in range(20)])
    error = refused(path) if not told else None
    if error is None:
        with pytest.raises(InputError) as caught:
            taken_in(path, columns=told)
        error = caught.value
    assert error.what.startswith("month holds months or the like, and no days")
    assert error.found == ", ".join(months)


def test_visits_without_money_are_counted_when_asked_to(tmp_path: Path) -> None:
    rows = [f"{1_000_000 + n % 7},2025-01-{n % 28 + 1:02d}" for n in range(60)]
    path = written(tmp_path, "cid,date", rows)
    error = refused(path)
    assert error.what.startswith("No column holds an amount of money.")
    assert "--count-visits --columns customer=cid,time=date" in (error.hint or "")
    assert "amount" not in (error.hint or "")
    notes, _ = taken_in(path, count_visits=True, columns={"customer": "cid", "time": "date"})
    assert "each row counts as 1, as no column holds money: spend is a number of visits" in notes
    both = {"customer": "cid", "time": "date", "amount": "cid"}
    assert "column of money is named" in refused(path, count_visits=True, columns=both).what


def test_money_of_whole_numbers_is_still_offered(tmp_path: Path) -> None:
    rows = [f"c{n % 7},2025-01-{n % 28 + 1:02d},{(n % 30 + 5) * 100}" for n in range(60)]
    error = refused(written(tmp_path, "customer id,date,yen_sum_x", rows))
    assert (error.found, "amount=yen_sum_x" in (error.hint or "")) == ("yen_sum_x", True)
