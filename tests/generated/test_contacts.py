from __future__ import annotations

import polars
import pytest

from foretell.generated.contacts import RESPONSES, WITHIN_DAYS
from foretell.generated.customers import KINDS
from foretell.generated.parameters import Parameters
from shops.planted_shop import planted_shop, with_truth

SHOP = planted_shop()
CONTACTS = SHOP["contacts"]
P = Parameters()
WINDOW = polars.duration(days=int(WITHIN_DAYS[1]))


def orders_after_contacts() -> polars.DataFrame:
    """Contacts of customers who still order ten days later, with the orders placed in these ten days."""
    contacts = with_truth(CONTACTS, SHOP).with_row_index("contact")
    goes_on = polars.col("last_order_at").is_null() | (polars.col("last_order_at") > polars.col("time") + WINDOW)
    inside = polars.col("time") + WINDOW < SHOP["paid"]["time"].max()
    contacts = contacts.filter(goes_on & inside)
    pairs = contacts.join(SHOP["paid"].select("customer_id", ordered="time"), on="customer_id")
    after = (polars.col("ordered") > polars.col("time")) & (polars.col("ordered") <= polars.col("time") + WINDOW)
    counted = pairs.filter(after).group_by("contact").len()
    return contacts.join(counted, on="contact", how="left").with_columns(polars.col("len").fill_null(0))


def test_counting_arms_finds_the_uplift_of_each_kind_again() -> None:
    counted = (
        orders_after_contacts()
        .group_by("contact_kind", "arm")
        .agg(polars.col("len").mean().alias("mean"), (polars.col("len").var() / polars.len()).alias("variance"))
    )
    cells = {(kind, arm): (mean, variance) for kind, arm, mean, variance in counted.iter_rows()}
    for kind, treated, control in zip(KINDS, P.order_if_treated, P.order_if_control, strict=True):
        (sent, one), (held, other) = cells[kind, "treated"], cells[kind, "control"]
        assert sent - held == pytest.approx(treated - control, abs=4 * (one + other) ** 0.5), kind
    sent, held = cells["persuadable", "treated"][0], cells["persuadable", "control"][0]
    assert sent - held > 0.1
    assert cells["sleeping dog", "treated"][0] - cells["sleeping dog", "control"][0] < -0.08


def test_the_lot_does_not_know_the_customer() -> None:
    treated = with_truth(CONTACTS, SHOP).with_columns(treated=polars.col("arm") == "treated")
    for trait in ("contact_kind", "reason", "is_high_value", "is_price_sensitive", "channel", "campaign"):
        shares = treated.group_by(trait).agg(polars.col("treated").mean(), polars.len())
        for share, n in shares.select("treated", "len").iter_rows():
            assert share == pytest.approx(P.treated_share, abs=4.5 * (0.21 / n) ** 0.5), trait


def test_who_was_held_back_cost_nothing_and_answered_nothing() -> None:
    control, treated = (CONTACTS.filter(polars.col("arm") == arm) for arm in ("control", "treated"))
    assert control["response"].null_count() == len(control) > 0
    assert control["cost"].cast(polars.Float64).sum() == 0
    assert treated["cost"].cast(polars.Float64).min() > 0  # type: ignore[operator]
    assert set(treated["response"]) == set(RESPONSES)


def test_nobody_who_has_left_clicks() -> None:
    clicked = with_truth(CONTACTS.filter(polars.col("response") == "clicked"), SHOP)
    assert (clicked["leaves_at"].is_null() | (clicked["time"] < clicked["leaves_at"])).all()
