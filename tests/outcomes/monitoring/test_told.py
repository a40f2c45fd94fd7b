"""Breaks in sentences."""

from __future__ import annotations

import numpy as np

from foretell.outcomes.monitoring.freshness import Freshness
from foretell.outcomes.monitoring.sources import SourceSeries
from foretell.outcomes.monitoring.stability import Stability
from foretell.outcomes.monitoring.told import freshness_said, population_said, source_said, units_said
from foretell.outcomes.monitoring.units import Units

WEEKS = np.array([[100, 100]] * 10 + [[40, 80]])


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_a_source_in_words() -> None:
    assert plain(source_said(SourceSeries("events", "volume"), WEEKS)) == (
        "events: 40 rows in a week, where about 100 were usual."
    )
    assert plain(source_said(SourceSeries("events", "missing", "page"), WEEKS)) == (
        "events: page is empty in 50 % of 80 rows of a week, where 100 % was usual."
    )
    assert plain(source_said(SourceSeries("events", "new", "page"), WEEKS, ["a", "b"])) == (
        "events: page has values that were never there (a and b), in 50 % of 80 rows of a week."
    )


def test_silence_and_units_in_words() -> None:
    silent = freshness_said(Freshness("events", 6, 1, 300), "2026-05-01")
    assert plain(silent) == "events: nothing since 2026-05-01, 6 days ago, where 1 day was the longest pause of a year."
    assert "is about 100 times what it was" in units_said(Units("orders", "amount", 100.2, 30))
    assert "is about 100 times less than what it was" in units_said(Units("orders", "amount", 0.01, 30))


def test_a_shift_in_words() -> None:
    moved = [Stability(name, index, 500, 4_000, None) for name, index in (("a", 0.11), ("b", 0.34))]
    assert plain(population_said("products", moved, 7)) == (
        "Customers are not those of the weeks before in the range of products: 2 of 7 shifted, stability index of "
        "b 0.34 and a 0.11 (500 customers beside 4,000 of healthy weeks)."
    )
    assert "in the scores: 2 of 2 shifted" in plain(population_said("scores", moved, 2))
