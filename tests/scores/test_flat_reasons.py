"""Reasons of flat tables speak in the row's own values."""

from __future__ import annotations

import numpy as np

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import flat_table
from foretell.models.contract import Contributions
from foretell.scores.flat_reasons import fact, flat_reasons, likes, usual_values

ROWS = 40
STEPS = np.arange(ROWS, dtype=float)
TABLE = flat_table(
    [
        FlatColumn("contract", "category", STEPS % 2, ("month-to-month", "yearly")),
        FlatColumn("joined", "date", STEPS * 10),
        FlatColumn("minutes", "number", np.where(STEPS == 3, np.nan, (STEPS * 7919) % 41)),
        FlatColumn("seconds", "number", 60.0 * ((STEPS * 7919) % 41)),
        FlatColumn("tenure", "number", (STEPS * 31) % 37),
    ],
    ROWS,
)


def test_facts_are_written_as_people_say_them() -> None:
    usual = usual_values(TABLE)
    assert fact(TABLE, 0, 0, usual[0]) == "contract is month-to-month"
    assert fact(TABLE, 1, 1, usual[1]) == "joined 1970-01-11, usually 1970-07-10"
    assert fact(TABLE, 3, 2, usual[2]) == "minutes is empty"
    assert fact(TABLE, 1, 4, 29.0) == "tenure 31, usually 29"


def test_columns_that_go_together_count_together() -> None:
    theme = likes(TABLE)
    assert theme[2] == theme[3] == 2
    assert theme[0] == 0
    moved = np.tile([0.1, 0.0, 0.6, 0.7, -1.0], (ROWS, 1))
    told = flat_reasons(Contributions(0.0, TABLE.names, moved), TABLE, usual_values(TABLE), theme)
    assert all(len(reasons) == 2 for reasons in told)
    assert [reason.way for reason in told[1]] == [1, -1]
    assert told[1][0].in_words().startswith("likelier: seconds ")
    assert told[1][1].in_words().startswith("less likely: tenure 31")


def test_no_movement_gives_no_reason() -> None:
    nothing = Contributions(0.0, TABLE.names, np.zeros((ROWS, 5)))
    assert flat_reasons(nothing, TABLE, usual_values(TABLE), likes(TABLE)) == [[] for _ in range(ROWS)]
