"""What the export says of a sale is of its own day: before it a sale stands whole, unless a date says otherwise."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.project.intervals import midnight
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines
from foretell.timelines.survey import Survey, combined
from made_views import NOBODY_ELSE
from planned_logs import log_of

FIRST = date(2024, 1, 1)
COLUMNS = {"customer": "who", "time": "when", "amount": "paid", "order": "no", "state": "state", "refunded": "back",
           "cancelled_at": "gone"}  # fmt: skip
EXPORT_DAY = 60


@dataclass(frozen=True)
class Row:
    """An order of one day; what was given back of it, which has no date; the day of its cancellation, if it has one."""

    who: str
    day: int
    paid: int
    state: str
    back: int
    gone: int | None

    def stands(self, day: int) -> bool:
        """Whether somebody who looks at the beginning of a day sees the order."""
        if self.day >= day or (self.state in ("cancelled", "failed") and self.gone is None):
            return False
        ends = [self.gone] if self.gone is not None else []
        ends += [EXPORT_DAY] if self.state == "refunded" else []
        return not ends or min(ends) >= day

    def given_back(self, day: int) -> int:
        """What that person knows to have been given back."""
        is_sale = self.state == "paid" and self.gone is None
        return min(self.back, self.paid) if is_sale and self.day < day and day > EXPORT_DAY else 0


ROWS = st.lists(
    st.builds(
        Row, st.sampled_from("abc"), st.integers(0, 50), st.integers(1, 90),
        st.sampled_from(("paid", "paid", "refunded", "cancelled", "failed")), st.sampled_from((0, 0, 5, 200)),
        st.none(),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


def text(day: int | None) -> str:
    return "" if day is None else f"{FIRST + timedelta(days=day)}"


def seen(rows: list[Row], days: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Orders, their money and what was given back, as the view at the beginning of each day has them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with path.open("w", newline="") as file:
            lines = [(n, r.who, text(r.day), r.paid, r.state, r.back or "", text(r.gone)) for n, r in enumerate(rows)]
            csv.writer(file).writerows([("no", "who", "when", "paid", "state", "back", "gone"), *lines])
        engine = log_of(path, Path(folder) / "out", columns=COLUMNS, nobody="").engine
        cutoffs = [midnight(FIRST + timedelta(days=day), "UTC") for day in days]

        def told(batch: Timelines) -> np.ndarray:
            views = batch.views(cutoffs, lambda _: NOBODY_ELSE)
            return np.array(
                [
                    (v.orders.count().sum(), v.orders.total("amount").sum(), v.adjustments.total("refunded").sum())
                    for v in views
                ]
            )

        found = np.sum(list(engine.over(told, midnight(FIRST + timedelta(days=400), "UTC"))), axis=0)
    return [(int(orders), int(money) // UNITS_PER_ONE, int(back) // UNITS_PER_ONE) for orders, money, back in found]


def expected(rows: list[Row], day: int) -> tuple[int, int, int]:
    stand = [row for row in rows if row.stands(day)]
    return len(stand), sum(row.paid for row in stand), sum(row.given_back(day) for row in rows)


@settings(max_examples=10)
@given(ROWS, st.lists(st.integers(1, 80), min_size=12, max_size=12), st.tuples(st.integers(1, 59), st.integers(62, 90)))
def test_an_earlier_day_sees_what_it_saw_then(rows: list[Row], ends: list[int], days: tuple[int, int]) -> None:
    dated = [
        Row(row.who, row.day, row.paid, row.state, row.back, end if end > row.day and row.state != "failed" else None)
        for row, end in zip(rows, ends, strict=False)
    ]
    made = [*dated, Row("d", EXPORT_DAY, 7, "paid", 0, None)]
    assert seen(made, days) == [expected(made, day) for day in days]


def test_undated_refunds_and_states_leave_earlier_days_whole() -> None:
    rows = [
        Row("a", 3, 40, "paid", 15, None),
        Row("b", 4, 30, "refunded", 0, None),
        Row("d", EXPORT_DAY, 7, "paid", 0, None),
    ]
    assert seen(rows, (10, EXPORT_DAY, EXPORT_DAY + 1)) == [(2, 70, 0), (2, 70, 0), (2, 47, 15)]


@pytest.mark.parametrize("state", ["cancelled", "paid"])
def test_a_cancelled_order_is_there_until_its_date_and_never_after(state: str) -> None:
    rows = [Row("a", 3, 40, state, 0, 20), Row("d", EXPORT_DAY, 7, "paid", 0, None)]
    assert seen(rows, (3, 4, 20, 21, 90)) == [(0, 0, 0), (1, 40, 0), (1, 40, 0), (0, 0, 0), (1, 7, 0)]
    undated = [Row("a", 3, 40, "cancelled", 0, None), rows[1]]
    assert seen(undated, (4, 90)) == [(0, 0, 0), (1, 7, 0)]


@pytest.mark.parametrize("gone", [None, 70, 130])
def test_what_is_known_of_everybody_at_a_past_day_is_what_was_known_then(gone: int | None, tmp_path: Path) -> None:
    """Orders that are cancelled later make the gaps of an earlier day what they were: 10 days, and 20 without them."""
    rows = [Row(who, day, 5, "paid", 0, gone if day % 20 else None) for who in "abc" for day in (0, 10, 20, 30, 40, 50)]
    rows += [Row("d", 140, 5, "paid", 0, None)]
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as file:
        lines = [(n, r.who, text(r.day), r.paid, r.state, "", text(r.gone)) for n, r in enumerate(rows)]
        csv.writer(file).writerows([("no", "who", "when", "paid", "state", "back", "gone"), *lines])
    engine = log_of(path, tmp_path / "out", columns=COLUMNS, nobody="").engine
    moments = {day: midnight(FIRST + timedelta(days=day), "UTC") for day in (64, 200)}
    survey = combined(list(engine.over(Survey.of, moments[200])))
    assert survey.population(moments[64]).gap_days_median == 10
    assert survey.population(moments[200]).gap_days_median == (10 if gone is None else 20)
