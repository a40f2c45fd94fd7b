"""An alert is told in plain values and read back as it was, and its id says whom it warns of."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.alert import LEAST_SHARE, Alert, Driver, alert_id, shared_drivers
from foretell.alerts.control_limits import Signal
from foretell.alerts.proof import RuleProof

SIGNALS = st.none() | st.just(Signal("orders", 3.0, 5.0, 9.0, -4.0))
DRIVERS = st.lists(
    st.builds(Driver, st.sampled_from((-1, 1)), st.just("orders"), st.floats(0, 1), st.none()), max_size=2
)
PROOFS = st.sampled_from(
    (
        RuleProof("", (1, 2), 9, 8, 4, 0.5, 0.3, 0.7, 0.2, 0.4, (30.0, 10.0, 50.0), "", 1.5),
        RuleProof("the history is too short"),
    )
)
IDS = st.lists(st.text(max_size=3), unique=True, max_size=5)


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """An alert with or without a signal, drivers and customers."""
    customers = tuple(draw(IDS))
    day = "2024-06-03"
    told = (draw(st.floats(0, 1e9)), "GBP", "2024-05-01", tuple(draw(DRIVERS)), draw(PROOFS))
    deliver = draw(st.sampled_from(((), ("webhook:crm", "email:team"))))
    own = alert_id("leaving", day, customers)
    return Alert(own, "leaving", "p_churn > 60 %", day, 30, customers, *told, deliver, draw(SIGNALS))


@given(alerts())
def test_an_alert_is_read_back_as_it_was(alert: Alert) -> None:
    kept = json.loads(json.dumps(alert.as_json()))
    assert Alert.of_json(kept) == alert


@given(alerts(), st.integers(0, 6))
def test_the_first_customers_are_named_and_all_are_counted(alert: Alert, most: int) -> None:
    told = alert.as_json(most)
    assert told["customers"] == list(alert.customers[:most])
    assert told["customer_count"] == len(alert.customers)
    assert {name: value for name, value in told.items() if name != "customers"} == {
        name: value for name, value in alert.as_json().items() if name != "customers"
    }


@given(IDS, st.text(min_size=1, max_size=3))
def test_the_id_does_not_depend_on_the_order_of_customers(ids: list[str], more: str) -> None:
    own = alert_id("leaving", "2024-06-03", ids)
    assert alert_id("leaving", "2024-06-03", ids[::-1]) == own
    assert len(own) == 12
    assert alert_id("leaving", "2024-06-04", ids) != own
    assert alert_id("coming", "2024-06-03", ids) != own
    assert alert_id("leaving", "2024-06-03", [*ids, more]) != own


KIND = pa.list_(pa.struct([("way", pa.int8()), ("theme", pa.string()), ("told", pa.string())]))
Kinds = list[tuple[int, str]]
REASONS = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from((1, -1)), st.sampled_from(("orders", "value", "ÿ")))), st.booleans()),
    min_size=1,
    max_size=12,
)


def reasons(rows: list[Kinds]) -> pa.ChunkedArray:
    """A list of reasons for each customer, of which the words differ though their way and theme do not."""
    told = [[{"way": way, "theme": theme, "told": f"{place}"} for way, theme in row] for place, row in enumerate(rows)]
    return pa.chunked_array([pa.array(told, KIND)])


def test_the_most_telling_reason_is_first() -> None:
    told: list[Kinds] = [[(-1, "orders"), (1, "value")], [(-1, "orders"), (1, "value")], [(1, "value")], [(1, "value")]]
    found = shared_drivers(reasons(told), np.array([True, True, False, False]))
    assert found == (Driver(-1, "orders", 1.0, 0.0),)


def test_without_others_the_most_usual_counts() -> None:
    found = shared_drivers(reasons([[(1, "orders")], [(1, "orders"), (-1, "orders")]]), np.array([True, True]))
    assert found == (Driver(1, "orders", 1.0, None), Driver(-1, "orders", 0.5, None))


def test_nobody_warned_and_nobody_told_have_nothing_in_common() -> None:
    assert shared_drivers(reasons([[(1, "orders")]]), np.array([False])) == ()
    assert shared_drivers(reasons([[], []]), np.array([True, False])) == ()


@given(REASONS)
def test_shares_are_counted_once_a_customer(rows: list[tuple[Kinds, bool]]) -> None:
    warned = np.array([hit for _, hit in rows])
    for driver in shared_drivers(reasons([row for row, _ in rows]), warned):
        inside = [(driver.way, driver.theme) in row for row, hit in rows if hit]
        others = [(driver.way, driver.theme) in row for row, hit in rows if not hit]
        assert driver.share == np.mean(inside)
        assert driver.share >= LEAST_SHARE
        assert driver.share_of_others == (np.mean(others) if others else None)
        assert not others or driver.share > np.mean(others)
