"""Labels, eligibility, facts and the top tier agree with their oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import FACTS
from foretell.examples.labels import top_tier
from foretell.project.fingerprints import keys_of
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, Made, batch_of, made
from plain_labels import facts, is_active, labels, own_rate, tier
from plain_timelines import customers_of, parts_of, population_of, seen, split

EXACT = set(FACTS) - {"days_since_last", "repeat_value_mean"}


@settings(max_examples=150)
@given(made(customers=14), st.sampled_from((1, 7, 30, 90, 200)))
def test_labels_and_facts_are_what_the_oracle_says(log: Made, horizon_days: int) -> None:
    batch = batch_of(log.lines, log.timezone)
    examples = completed(Assembly((log.cutoff,), horizon_days, (), Survey.of(batch))(batch))
    population = population_of(log.lines, log.timezone, log.cutoff)
    customers = seen(log.lines, log.timezone, log.cutoff, population)
    keys = {int(key): name for name, key in zip(customers, keys_of(customers), strict=True)}
    assert examples.customer_key.tolist() == sorted(keys)
    own_lines = customers_of([line for line in log.lines if line.gone_at is None])
    ahead, trailing = {}, {}
    for row, key in enumerate(examples.customer_key.tolist()):
        customer = customers[keys[key]]
        known = facts(customer, horizon_days, log.timezone)
        expected = labels(split(parts_of(own_lines.get(keys[key], []), log.timezone)), log.cutoff, horizon_days)
        rate = own_rate(customer, horizon_days)
        assert {name: examples.labels[name][row] for name in expected} == expected
        assert examples.eligible["active"][row] == is_active(customer, horizon_days)
        assert examples.eligible["regular"][row] == (rate is not None)
        declined = examples.labels["declined"][row]
        assert math.isnan(declined) if rate is None else declined == float(expected["spend"] < 0.5 * rate)
        assert set(known) == set(FACTS) == set(examples.facts)
        for name, value in known.items():
            found = examples.facts[name][row]
            assert found == value if name in EXACT else found == pytest.approx(value, rel=1e-9), name
        ahead[key], trailing[key] = expected["spend"], known["trailing_spend"]
    in_tier = examples.customer_key[examples.labels["high_value"] == 1]
    outside = examples.customer_key[examples.eligible["outside_top_tier"]]
    assert set(in_tier.tolist()) == tier(ahead)
    assert set(outside.tolist()) == set(keys) - tier(trailing)


@given(st.lists(st.sampled_from((0.0, 0.0, 1.0, 2.5, 7.0)) | st.floats(0, 1e6), max_size=60))
def test_the_top_tier_is_what_the_oracle_says(spends: list[float]) -> None:
    keys = np.array([(7 * position) % 61 for position in range(len(spends))], dtype=np.uint64)
    found = top_tier(np.array(spends, dtype=np.float64), keys)
    assert set(keys[found].tolist()) == tier(dict(zip(keys.tolist(), spends, strict=True)))


@pytest.mark.parametrize(
    ("after_cutoff", "orders_ahead", "orders_known"), [(-1, 0, 2), (0, 1, 1), (30 * DAY - 1, 1, 1), (30 * DAY, 0, 1)]
)
def test_windows_are_half_open(after_cutoff: int, orders_ahead: int, orders_known: int) -> None:
    cutoff = 15_000 * DAY
    moments = (cutoff - 3 * DAY, cutoff + after_cutoff)
    lines = [Line("c1", moment, moment, str(number), None, None, None, 100) for number, moment in enumerate(moments, 1)]
    batch = batch_of(lines, "UTC")
    examples = Assembly((cutoff,), 30, (), Survey.of(batch))(batch)
    assert examples.labels["orders"].tolist() == [orders_ahead]
    assert examples.facts["lifetime_orders"].tolist() == [orders_known]
