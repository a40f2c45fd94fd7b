"""Looking up a customer: segment and next order as the scores tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretell.answers.customer import Customer, customer_of
from foretell.answers.published import PublishedRun
from foretell.project.errors import InputError


@pytest.fixture(scope="module")
def customer(shop_run: PublishedRun) -> Customer:
    with_past = next(row for row in shop_run.main.scores.to_pylist() if row["previous_segment"])
    return customer_of(str(with_past["customer_id"]), shop_run)


def test_the_segment_is_told_with_its_past_and_future(customer: Customer) -> None:
    row, told = customer.values, dict(customer.lines())["segment"]
    assert told.startswith(f"{row['segment']} since {row['segment_since'].date()}, {row['previous_segment']} before")
    assert f"likeliest next {row['next_segment']}, " in told


def test_no_repeat_is_a_state_of_its_own(customer: Customer) -> None:
    gone = replace(customer, values={**customer.values, "next_order_date": None, "p_no_repeat": 0.9})
    assert dict(gone.lines())["next order"].startswith("no repeat expected: 90")
    unknown = replace(customer, values={**customer.values, "p_no_repeat": None})
    assert "next order" not in dict(unknown.lines())


def test_who_is_not_scored_is_an_error_with_ids_that_are(shop_run: PublishedRun) -> None:
    with pytest.raises(InputError, match="not among the scored") as caught:
        customer_of("nobody", shop_run)
    assert str(shop_run.main.scores["customer_id"][0].as_py()) in (caught.value.expected or "")
