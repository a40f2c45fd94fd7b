"""What each customer bought before a cutoff, as it was known then, and what came of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import stable_keys
from foretell.forecasts.next_categories.history import (
    FEWEST_BUYERS,
    Buyers,
    CategoryHistory,
    Vocabulary,
    buyers,
    category_history,
    joined,
)
from foretell.timelines.survey import Tally
from made_orders import DAY, Line, batch_of

CUTOFF = 15_000 * DAY
NAMES = ("tea", "pots")
KEYS = stable_keys(pa.array(NAMES)).view(np.int64)
VOCABULARY = Vocabulary("category", KEYS, 1)


def bought(customer: str, days_ago: float, category: str | None = "tea", **more: int) -> Line:
    """A line this long before the cutoff."""
    moment = CUTOFF - round(days_ago * DAY)
    return Line(customer, moment, more.get("known_at", moment), None, "thing", category, 1.0, more.get("amount", 100))


def told(*lines: Line, horizon_days: int = 10) -> CategoryHistory:
    return category_history(batch_of(lines, "UTC"), CUTOFF, horizon_days, VOCABULARY)


def test_days_with_a_purchase_are_counted_once_and_fade() -> None:
    found = told(bought("a", 0.5), bought("a", 0.6), bought("a", 5.5), bought("a", 20.5), bought("a", -1))
    assert (found.row.tolist(), found.column.tolist(), found.times.tolist()) == ([0], [0], [3])
    assert (found.days_since_last.tolist(), found.days_since_first.tolist()) == ([0], [20])
    assert found.lately[0] == pytest.approx(1 + 2**-1 + 2**-4)
    assert found.long[0] == pytest.approx(1 + 2**-0.25 + 2**-1)
    assert found.then.toarray().tolist() == [[1, 0]]
    assert (found.purchase_days.tolist(), found.days_since_order.tolist()) == ([3], [0])


@pytest.mark.parametrize(
    ("line", "is_seen", "comes"),
    [
        (bought("a", 1, "pots", known_at=CUTOFF), False, False),
        (bought("a", 1, "pots", amount=-100), False, False),
        (bought("a", 1, None), False, False),
        (bought("a", 1, "cups"), False, False),
        (bought("a", 0, "pots"), False, True),
        (bought("a", -9.99, "pots"), False, True),
        (bought("a", -10, "pots"), False, False),
        (bought("a", 1, "pots"), True, False),
    ],
    ids=["known late", "given back", "no name", "not forecast", "at the cutoff", "last day", "too late", "before"],
)
def test_what_was_not_known_or_not_bought_does_not_count(line: Line, is_seen: bool, comes: bool) -> None:
    found = told(bought("a", 3), line)
    assert (1 in found.column.tolist()) == is_seen
    assert bool(found.then.toarray()[0, 1]) == comes


def test_who_had_not_ordered_yet_is_not_there() -> None:
    assert len(told(bought("a", -1))) == 0
    assert len(told(bought("a", 1, None))) == 1


def test_the_vocabulary_holds_everything_and_says_what_is_common() -> None:
    few, many = FEWEST_BUYERS - 1, FEWEST_BUYERS
    lines = [bought(f"c{n}", 1 + day) for n in range(many) for day in (0, 1)]
    lines += [bought(f"c{n}", 1, "pots") for n in range(few)]
    found = buyers(batch_of(lines, "UTC"), CUTOFF)
    assert (found.vocabulary().keys.tolist(), found.vocabulary().common) == (KEYS.tolist(), 1)
    assert sorted(found.category.counts.tolist()) == [few, many]
    twice = (found + found).vocabulary()
    assert (twice.keys.tolist(), twice.common) == (KEYS.tolist(), 2)
    nameless = Buyers(Tally(), found.product).vocabulary()
    assert (nameless.kind, len(nameless)) == ("product", 1)
    assert len(Buyers().vocabulary()) == Buyers().vocabulary().common == 0


DRAWN = np.random.default_rng(4).integers(0, [9, 55, 2], (60, 3)).tolist()
WHOLE = told(*(bought(f"c{who}", day - 14, NAMES[name]) for who, day, name in DRAWN))


@given(st.lists(st.integers(0, len(WHOLE)), min_size=2, max_size=2).map(sorted))
def test_taking_customers_keeps_what_is_theirs(places: list[int]) -> None:
    begin, end = places
    parts = [WHOLE.between(0, begin), WHOLE.between(begin, end), WHOLE.between(end, len(WHOLE))]
    again, taken = joined(parts), WHOLE.take(np.arange(begin, end))
    for name in ("customer_key", "orders", "row", "column", "times", "lately", "long"):
        np.testing.assert_array_equal(getattr(again, name), getattr(WHOLE, name))
        np.testing.assert_array_equal(getattr(taken, name), getattr(parts[1], name))
    np.testing.assert_array_equal(again.then.toarray(), WHOLE.then.toarray())
    assert WHOLE.by_category(WHOLE.times).sum() == WHOLE.times.sum()


def test_a_history_among_the_first_categories_is_the_whole_without_the_others() -> None:
    few = WHOLE.among(1)
    first = WHOLE.column == 0
    for name in ("row", "times", "long", "days_since_last"):
        np.testing.assert_array_equal(getattr(few, name), getattr(WHOLE, name)[first])
    np.testing.assert_array_equal(few.then.toarray(), WHOLE.then.toarray()[:, :1])
    np.testing.assert_array_equal(few.customer_key, WHOLE.customer_key)
    assert not first.all()
