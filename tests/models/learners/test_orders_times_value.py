from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.blend import COUNTS
from foretell.models.contract import CannotFit
from foretell.models.learners.orders_times_value import OrdersTimesValue
from foretell.project.objectives import TARGETS


def test_a_wholesaler_is_forecast_on_their_own_scale(examples: Examples) -> None:
    fitted = OrdersTimesValue(COUNTS).fit(examples, TARGETS["spend"], 3)
    row = int(np.argmax(examples.facts["purchase_days"]))
    facts = {name: values.copy() for name, values in examples.facts.items()}
    for name in ("lifetime_spend", "repeat_value_mean"):
        facts[name][row] *= 1_000
    larger = fitted.predict(replace(examples, facts=facts))[row]
    assert 100 < larger / fitted.predict(examples)[row] <= 1_000


def test_it_is_orders_times_value(examples: Examples) -> None:
    fitted = OrdersTimesValue(COUNTS).fit(examples, TARGETS["spend"], 3)
    counts = COUNTS.fit(examples, TARGETS["orders"], 3).predict(examples)
    each = fitted.predict(examples) / counts
    mean = examples.facts["lifetime_spend"] / examples.facts["lifetime_orders"]
    assert np.median(each / mean) == pytest.approx(1, abs=0.5)
    assert np.corrcoef(np.log(each), np.log(np.maximum(mean, 1e-3)))[0, 1] > 0.8


def test_without_money_there_is_no_value(examples: Examples) -> None:
    facts = {**examples.facts, "lifetime_spend": np.zeros(len(examples))}
    with pytest.raises(CannotFit, match="nobody has spent"):
        OrdersTimesValue(COUNTS).fit(replace(examples, facts=facts), TARGETS["spend"], 3)
