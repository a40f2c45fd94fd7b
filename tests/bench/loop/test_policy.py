"""What our campaigns add is in a forecast as usual, and in none of what comes if nobody is contacted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from bench.policy.page import page
from bench.policy.run import CHOSEN, POLICIES, Found, beside, forecast_of
from bench.policy.shop import Habit, begun, campaigned, chosen, futures, orders_of

from foretell.generated.request import ShopRequest
from foretell.models.learners.logistic import Logistic
from foretell.project.request import IF_NOBODY

HABIT = Habit(rounds=3, every=45, days_before=120, reached=1.0)


def lately(folder: Path, day: date) -> tuple[list[str], np.ndarray]:
    """Customers with an order in 120 days, and the time of their last order: whose is longest ago is contacted."""
    last = orders_of(folder).group_by("customer_id").aggregate([("time", "max")]).sort_by("customer_id")
    days = np.array([(day - moment.date()).days for moment in last["time_max"].to_pylist()])
    own = days < 120
    return np.array(last["customer_id"].to_pylist())[own].tolist(), -days[own]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """A shop that contacted half of those who might be leaving, forecast under both policies."""
    folder = tmp_path_factory.mktemp("policy") / "shop"
    day = campaigned(folder, begun(ShopRequest(1_500, HABIT.days_before, 3, ahead=HABIT.ahead), folder), HABIT, lately)
    own, came = set(chosen(folder, day, HABIT, lately)), futures(folder, day, HABIT, lately)
    told: dict[str, Found] = {}
    for policy in POLICIES:
        forecast = forecast_of(folder, day, HABIT.horizon_days, policy, [Logistic()])
        told[policy] = next(beside(forecast, policy, 3, (CHOSEN, own), came))
    return told


def test_what_contact_adds_is_in_a_forecast_as_usual_and_in_no_other(found: dict[str, Found]) -> None:
    """The shop's own truth: the same customers, drawn from the same seed, with and without contact."""
    usual, nobody = found["as usual"], found[IF_NOBODY]
    adds = usual.as_usual - usual.held_back
    assert adds > 0.02
    assert 0.5 * adds < usual.forecast - nobody.forecast < 2 * adds


def test_whoever_was_contacted_teaches_nothing_of_what_comes_without(found: dict[str, Found]) -> None:
    usual, nobody = found["as usual"].under, found[IF_NOBODY].under
    assert usual.left_out == usual.weighed == 0
    assert nobody.left_out > nobody.weighed > 0
    assert nobody.effective < nobody.rows - nobody.left_out


def test_the_page_says_both(found: dict[str, Found]) -> None:
    told = page(list(found.values()), HABIT, 1_500, {"date": "today"})
    assert told.count(f"| {CHOSEN}, logistic ") == 2
    assert f"{100 * found[IF_NOBODY].held_back:.1f} %" in told
    assert f"{found[IF_NOBODY].under.left_out:,}" in told
