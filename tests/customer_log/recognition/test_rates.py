"""Money of other currencies is turned at the newest rate of its day, which a slow search finds too."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.recognition.rates import (
    Rates,
    named_currencies,
    refuse_missing,
    turned,
    turned_in_all,
    turned_rows,
)
from foretell.project.errors import InputError

NAMES = st.sampled_from(["USD", "GBP", "EUR"])
KNOWN = st.dictionaries(NAMES, st.dictionaries(st.integers(0, 30), st.floats(0.01, 99), max_size=8))
ROWS = st.lists(st.tuples(st.one_of(NAMES, st.none()), st.integers(0, 35)), max_size=20)


def rates_of(known: dict[str, dict[int, float]]) -> Rates:
    ordered = {name: sorted(worth.items()) for name, worth in known.items()}
    return Rates(
        "EUR", {n: (np.array([d for d, _ in w], np.int64), np.array([r for _, r in w])) for n, w in ordered.items()}
    )


@given(KNOWN, ROWS)
def test_the_newest_rate_at_or_before_the_day_counts(
    known: dict[str, dict[int, float]], rows: list[tuple[str | None, int]]
) -> None:
    found = rates_of(known).at(
        pa.array([name for name, _ in rows], pa.string()), np.array([day for _, day in rows], int)
    )
    for (name, day), rate in zip(rows, found, strict=True):
        before = [known[name][one] for one in sorted(known.get(name or "", {})) if one <= day] if name else []
        expected = 1.0 if name in ("EUR", None) else before[-1] if before else np.nan
        np.testing.assert_equal(rate, expected)


@given(KNOWN, ROWS, st.integers(0, 35))
def test_rates_of_later_days_change_no_earlier_row(
    known: dict[str, dict[int, float]], rows: list[tuple[str | None, int]], day: int
) -> None:
    earlier = [row for row in rows if row[1] < day]
    asked = pa.array([name for name, _ in earlier], pa.string()), np.array([one for _, one in earlier], int)
    cut = {name: {one: rate for one, rate in worth.items() if one < day} for name, worth in known.items()}
    np.testing.assert_equal(rates_of(known).at(*asked), rates_of(cut).at(*asked))


def test_what_has_no_rate_is_refused_with_its_currency_and_days() -> None:
    days = np.array([0, 1, 2, 3, 4, 9])
    names = pa.array(["USD"] * 5 + ["GBP"])
    with pytest.raises(InputError) as refused:
        refuse_missing(rates_of({}).at(names, days), names, days, "orders.csv", "currency")
    told = "GBP on 1970-01-10; USD on 1970-01-01, 1970-01-02, 1970-01-03 and 2 more days"
    assert (refused.value.found, refused.value.file, refused.value.column) == (told, "orders.csv", "currency")
    refuse_missing(np.ones(6), names, days, "orders.csv", "currency")


def test_amounts_and_discounts_are_turned_to_the_nearest_unit_and_counted() -> None:
    lines = pa.table(
        {
            "order_id": ["A", "A", None, "B"],
            "amount": [10_000, 25, -3, 7],
            "discount": [5, 0, 0, 0],
            "units": [1, 1, 1, 1],
        }
    )
    after = turned(lines, np.array([0.92, 0.5, 1.0, 0.5]))
    assert after["amount"].to_pylist() == [9_200, 12, -3, 4]
    assert after["discount"].to_pylist() == [5, 0, 0, 0]
    assert after["units"].to_pylist() == [1, 1, 1, 1]
    names = pa.array(["USD", "USD", "EUR", "USD"])
    told = turned_rows(lines, after, names, np.array([True, True, False, True]))
    assert turned_in_all(told) == [("USD", 2, 10_032, 9_216)]
    assert turned_in_all(told.slice(0, 0)) == []


def test_signs_and_codes_of_one_currency_are_one() -> None:
    assert named_currencies(pa.chunked_array([["€", " eur", "EUR", None, ""]])).to_pylist() == ["EUR"] * 3 + [None] * 2
    assert rates_of({"USD": {1: 0.9}}).fingerprint != rates_of({"USD": {1: 0.8}}).fingerprint
