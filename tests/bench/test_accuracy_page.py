from __future__ import annotations

from dataclasses import replace

from bench.accuracy import page as accuracy_page
from bench.accuracy.contenders import OURS
from bench.accuracy.intervals import FIFTHS, PIT_DISTANCE
from bench.accuracy.judge import OF_INTERVAL, TOTAL_INSIDE, Cell, with_verdicts

CELL = Cell("made", "2024-01-01, 30 days", "all", "purchase", "auroc", {OURS: 0.8, "recency": 0.7}, 100, 0.4)


def compared(gain: float, p_value: float) -> Cell:
    values = {OURS: 0.7 + gain, "recency": 0.7}
    return replace(CELL, values=values, best_peer="recency", gain=gain, low=gain, high=gain, p_value=p_value)


def page_of(cells: list[Cell]) -> str:
    log = {"source": "Made", "cells": cells, "serving": {CELL.case: {"purchase": "blend"}}}
    return accuracy_page.page({"made": log}, {"date": "2024-01-01"})


def test_shares_are_of_the_cells_that_are_compared() -> None:
    cells = with_verdicts([compared(0.1, 0.001), compared(0.001, 0.001), compared(0.1, 0.9), compared(-0.1, 0.001)])
    told = replace(CELL, metric="calibration_error")
    row = accuracy_page.counts([*cells, told]).splitlines()[-1]
    assert [part.strip() for part in row.strip("|").split("|")] == ["made", "all", "1", "2", "1", "75%", "50%"]


def test_the_page_begins_with_the_losses() -> None:
    text = page_of(with_verdicts([compared(-0.1, 0.001), compared(0.1, 0.001)]))
    assert text.index("## Where Foretell loses") < text.index("## Wins, ties, losses")
    assert "-0.1000 [-0.1000, -0.1000]" in text[: text.index("Behind the best peer")]


def test_coming_totals_are_counted_by_what_is_summed() -> None:
    inside = [replace(CELL, target="orders", metric=TOTAL_INSIDE, values={OURS: one}) for one in (1.0, 1.0, 0.0, 1.0)]
    row = accuracy_page.coming_totals([CELL, *inside]).splitlines()[-1]
    assert [part.strip() for part in row.strip("|").split("|")] == ["orders", "4", "3", "75%"]
    assert accuracy_page.coming_totals([CELL]) == "Not measured yet."


def test_intervals_are_told_by_fifth_where_they_were_measured() -> None:
    def of_spend(metric: str, value: float) -> Cell:
        return replace(CELL, target="spend", metric=metric, values={OURS: value})

    whole = [CELL, *(of_spend(name, 0.125) for name in OF_INTERVAL)]
    apart = [of_spend(name, 0.01 * number) for number, name in enumerate(FIFTHS)]
    assert "by fifth of expected spend, lowest first" not in page_of(whole)
    text = page_of([*whole, *apart[:2], *apart[3:], of_spend(PIT_DISTANCE, 0.0421)])
    assert "lowest first: 0.0%, 1.0%, -, 3.0%, 4.0%. PIT at most 0.042 from uniform." in text
