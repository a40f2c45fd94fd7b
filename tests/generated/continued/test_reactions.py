from __future__ import annotations

import numpy as np
import polars
import pyarrow as pa

from foretell.generated.calendar import DAY
from foretell.generated.continued.assignments import SCHEMA
from foretell.generated.continued.reactions import HORIZONS, drawn_reaction, expected_effects
from foretell.generated.request import ShopRequest
from foretell.generated.shop import Block, drawn_blocks

DAYS, SEEDS = 365, 12
REQUEST = ShopRequest(3_000, DAYS, 1, ahead=180)
BLOCK: Block = next(drawn_blocks(REQUEST))
BEGINS = DAYS * DAY + 10 * 3_600


def arrow(frame: polars.DataFrame) -> pa.Table:
    columns = {name: frame[name].to_list() if name in frame.columns else [""] * len(frame) for name in SCHEMA.names}
    return pa.table(columns, schema=SCHEMA)


def assigned(batch: int, treated_share: float = 0.6) -> polars.DataFrame:
    """Everybody who has signed up, their arms drawn anew for each batch."""
    numbers = BLOCK.customers.number[BLOCK.customers.signed_up < DAYS * DAY]
    treated = np.random.default_rng(batch).random(len(numbers)) < treated_share
    texts = {"playbook": "win back", "campaign": "autumn", "channel": "email", "offer": "10 % off"}
    return polars.DataFrame(
        {
            "customer_id": [f"C{number + 1:06d}" for number in numbers],
            "at": np.full(len(numbers), BEGINS),
            "arm": np.where(treated, "treated", "control").tolist(),
            "batch": np.full(len(numbers), batch),
            "cents": np.full(len(numbers), 29),
            **{name: [text] * len(numbers) for name, text in texts.items()},
        }
    )


def test_what_is_expected_is_found_by_counting() -> None:
    orders = expected = money = expected_money = 0.0
    within = dict.fromkeys(HORIZONS, 0.0)
    extra = dict.fromkeys(HORIZONS, 0.0)
    for batch in range(SEEDS):
        frame = assigned(batch)
        told = polars.DataFrame(expected_effects(BLOCK, arrow(frame), REQUEST))
        drawn = drawn_reaction(BLOCK, arrow(frame), REQUEST)
        rows = polars.DataFrame(drawn.tables["orders"]).join(frame, on="customer_id")
        placed = rows.filter(polars.col("status") == "paid").unique("number")
        arm = (told["arm"] == "treated").to_numpy()
        share = {"treated": arm.sum(), "control": (~arm).sum()}
        for days in HORIZONS:
            end = polars.datetime(2023, 1, 1) + polars.duration(seconds=BEGINS + days * DAY)
            found = placed.filter(polars.col("time") < end)["arm"].value_counts()
            counts = dict(found.iter_rows())
            within[days] += counts["treated"] / share["treated"] - counts["control"] / share["control"]
            extra[days] += float(told[f"extra_orders_{days}"].to_numpy().mean())
        mean = np.where(arm, told["orders_if_treated_90"], told["orders_if_control_90"])
        orders, expected = orders + drawn.orders, expected + mean.sum()
        by_order = (told["extra_spend_90"] / told["extra_orders_90"]).to_numpy()
        known = np.isfinite(by_order)
        of_known = set(told["customer_id"].to_numpy()[known])
        paid = rows.filter((polars.col("status") != "failed") & polars.col("customer_id").is_in(of_known))
        money += float(paid["amount"].cast(polars.Float64).sum())
        expected_money += float((mean * by_order)[known].sum())
    assert abs(orders - expected) < 4 * np.sqrt(expected)
    assert abs(money / expected_money - 1) < 0.05
    for days in HORIZONS:
        assert abs(within[days] - extra[days]) / SEEDS < 4 * np.sqrt(0.5 / 2_000 / 0.24 / SEEDS)


def test_the_effect_can_be_seen_and_differs_by_kind() -> None:
    told = polars.DataFrame(expected_effects(BLOCK, arrow(assigned(0)), REQUEST))
    assert 0.12 < float(told["extra_orders_60"].to_numpy().mean()) < 0.3
    by_kind = dict(told.group_by("contact_kind").agg(polars.col("extra_orders_60").mean()).iter_rows())
    assert by_kind["persuadable"] > 0.5
    assert by_kind["sure thing"] == by_kind["lost cause"] == 0
    assert by_kind["sleeping dog"] < -0.1


def test_nothing_moves_who_has_left_and_the_future_is_not_shortened() -> None:
    told = polars.DataFrame(expected_effects(BLOCK, arrow(assigned(0)), REQUEST))
    numbers = told["customer_id"].str.slice(1).cast(polars.Int64).to_numpy() - 1
    gone = BLOCK.leaving.last_order[numbers] <= BEGINS
    assert gone.any()
    for days in HORIZONS:
        assert (told[f"extra_orders_{days}"].to_numpy()[gone] == 0).all()
    orders = polars.DataFrame(drawn_reaction(BLOCK, arrow(assigned(0)), REQUEST).tables["orders"])
    assert not set(orders["customer_id"]) & set(told["customer_id"].to_numpy()[gone])
    assert (told["extra_orders_30"].abs() <= told["extra_orders_60"].abs() + 1e-12).all()
    assert told["extra_orders_60"].equals(told["extra_orders_90"].rename("extra_orders_60"))


def test_a_batch_reacts_alike_each_time_and_no_other_does() -> None:
    first, again, other = (drawn_reaction(BLOCK, arrow(assigned(0)), REQUEST) for _ in range(3))
    assert all(first.tables[name].equals(again.tables[name]) for name in first.tables)
    changed = drawn_reaction(BLOCK, arrow(assigned(0).with_columns(polars.lit(7).alias("batch"))), REQUEST)
    assert not other.tables["orders"].equals(changed.tables["orders"])


def test_both_arms_stand_among_contacts() -> None:
    frame = assigned(0)
    contacts = polars.DataFrame(drawn_reaction(BLOCK, arrow(frame), REQUEST).tables["contacts"])
    assert contacts["arm"].to_list() == frame["arm"].to_list()
    held_back = contacts.filter(polars.col("arm") == "control")
    assert held_back["response"].is_null().all()
    assert held_back["cost"].cast(polars.Float64).sum() == 0
