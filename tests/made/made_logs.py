"""Small purchase logs for the accuracy bench, made by Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa
from bench.accuracy.logs import EPOCH, Case, Log, log_of
from hypothesis import strategies as st

FIRST_DAY = 15_000


@dataclass(frozen=True)
class MadeLog:
    """Lines of (customer, day, amount), a takeback below zero, and the case that is asked."""

    lines: tuple[tuple[int, int, float], ...]
    case: Case

    def log(self) -> Log:
        """The log that the bench reads."""
        customers, day, amount = zip(*self.lines, strict=True)
        when = [EPOCH + timedelta(days=one) for one in day]
        table = pa.table({"who": pa.array(customers), "when": pa.array(when), "paid": pa.array(amount)})
        return log_of("made", "made", table, {"customer": "who", "time": "when", "amount": "paid"})


def _case(end: int, horizon: int, back: int) -> Case:
    return Case(EPOCH + timedelta(days=FIRST_DAY + end - horizon - back), horizon)


@st.composite
def made_logs(draw: st.DrawFn) -> MadeLog:
    """A log with somebody before the case's day; amounts are quarters, so that sums are exact."""
    one = st.tuples(st.integers(1, 25), st.integers(0, 60), st.integers(-2, 12).map(lambda quarters: quarters / 4))
    given = draw(st.lists(one, min_size=5, max_size=80))
    lines = [(customer, FIRST_DAY + day, amount) for customer, day, amount in given]
    lines.append((1, FIRST_DAY, 1.0))
    lines.append((2, FIRST_DAY + draw(st.integers(5, 65)), 1.0))
    end = max(day for _, day, _ in lines) - FIRST_DAY + 1
    horizon = draw(st.integers(1, min(30, end - 1)))
    return MadeLog(tuple(lines), _case(end, horizon, draw(st.integers(0, end - horizon - 1))))
