"""The recipe a pandas user would write: sorted once, derived columns once, then one group-by after the other
for each cutoff."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from bench.speed.question import (
    CUTOFFS,
    HORIZON_DAYS,
    ORDER_DECAYS_DAYS,
    SPEND_DECAYS_DAYS,
    WINDOWS_DAYS,
    Answers,
)

DAY = pd.Timedelta(days=1)


def answer(orders: Path, answers: Answers) -> None:
    """All features and labels at each cutoff."""
    log = prepared(pd.read_parquet(orders))
    for cutoff in CUTOFFS:
        table = (
            features(log, cutoff).join(labels(log, cutoff), how="left").fillna({"ordered": 0, "orders": 0, "spend": 0})
        )
        answers.give(cutoff, table.index.to_numpy(), {name: table[name].to_numpy() for name in table})


def prepared(log: pd.DataFrame) -> pd.DataFrame:
    """The orders of each customer in time order, with what follows from an order and those before it."""
    log = log.sort_values(["customer_id", "ordered_at", "order_id"], ignore_index=True)
    same = log["customer_id"].eq(log["customer_id"].shift())
    log["day"] = (log["ordered_at"].astype("int64") // 86_400_000_000).astype("int32")
    log["wait_days"] = (log["ordered_at"].diff() / DAY).where(same)
    gap = log["day"].diff().where(same)
    log["new_day"] = (gap != 0).astype("int8")
    log["gap_days"] = gap.where(gap > 0)
    log["gap_square"] = log["gap_days"] ** 2
    log["log_amount"] = np.log1p(log["amount"])
    log["previous"] = log["ordered_at"].shift().where(same)
    log["second_wait"] = log["wait_days"].where(same & ~same.shift(fill_value=False))
    return log


def features(log: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
    """One row for each customer with an order before the cutoff."""
    past = log[log["ordered_at"] < cutoff]
    by_customer = past.groupby("customer_id", sort=False)
    table = by_customer.agg(
        orders_life=("amount", "size"),
        spend_life=("amount", "sum"),
        order_value_max_life=("amount", "max"),
        purchase_days_life=("new_day", "sum"),
        gap_days_mean=("gap_days", "mean"),
        gap_days_max=("gap_days", "max"),
        gaps=("gap_days", "count"),
        square=("gap_square", "mean"),
        log_mean=("log_amount", "mean"),
        days_to_second_order=("second_wait", "sum"),
        first=("ordered_at", "first"),
    )
    table["days_to_second_order"] = table["days_to_second_order"].where(table["orders_life"] > 1)
    last = past[~past["customer_id"].duplicated(keep="last")].set_index("customer_id")
    table["gap_days_median"] = by_customer["gap_days"].quantile(0.5, interpolation="lower")
    table["order_value_last"] = last["amount"]
    table["gap_days_last"] = last["wait_days"]
    table["days_since_last_order"] = (cutoff - last["ordered_at"]) / DAY
    table["days_since_second_last_order"] = (cutoff - last["previous"]) / DAY
    table["days_first_to_last_order"] = (last["ordered_at"] - table["first"]) / DAY
    age = ((cutoff - past["ordered_at"]) // DAY).to_numpy()
    decayed = pd.DataFrame(
        {f"orders_decayed_{half}d": np.exp2(-age / half) for half in ORDER_DECAYS_DAYS}
        | {f"spend_decayed_{half}d": np.exp2(-age / half) * past["amount"].to_numpy() for half in SPEND_DECAYS_DAYS}
    )
    table = table.join(decayed.groupby(past["customer_id"].to_numpy(), sort=False).sum())
    for days in (*WINDOWS_DAYS, 60):
        recent = past[past["ordered_at"] >= cutoff - days * DAY]
        windowed = recent.groupby("customer_id", sort=False).agg(
            orders=("amount", "size"), spend=("amount", "sum"), purchase_days=("new_day", "sum")
        )
        table = table.join(windowed.add_suffix(f"_{days}d"))
    windows = [name for name in table if name.startswith(("orders_", "spend_", "purchase_days_"))]
    table[windows] = table[windows].fillna(0)
    for days in (30, 90):
        before = table[f"orders_{2 * days}d"] - table[f"orders_{days}d"]
        table[f"orders_trend_{days}d"] = np.log((table[f"orders_{days}d"] + 1) / (before + 1))
    typical = np.maximum(np.expm1(table["log_mean"]), 1e-4)
    spend_before = table["spend_180d"] - table["spend_90d"]
    table["spend_trend_90d"] = np.log((table["spend_90d"] + typical) / (spend_before + typical))
    table["order_value_mean_life"] = table["spend_life"] / table["orders_life"]
    spread = np.sqrt(np.maximum(table["square"] - table["gap_days_mean"] ** 2, 0))
    table["gap_variation"] = (spread / (table["gap_days_mean"] + 1)).where(table["gaps"] > 1)
    table["hiatus_in_mean_gaps"] = (table["days_since_last_order"] + 1) / (table["gap_days_mean"] + 1)
    table["hiatus_in_median_gaps"] = (table["days_since_last_order"] + 1) / (table["gap_days_median"] + 1)
    helpers = ["gaps", "square", "log_mean", "first", "orders_60d", "spend_60d"]
    return table.drop(columns=helpers + [f"purchase_days_{days}d" for days in (30, 60, 180, 365)])


def labels(log: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
    """What each customer did in the horizon."""
    ahead = log[(log["ordered_at"] >= cutoff) & (log["ordered_at"] < cutoff + HORIZON_DAYS * DAY)]
    table = ahead.groupby("customer_id", sort=False).agg(orders=("amount", "size"), spend=("amount", "sum"))
    table["ordered"] = 1.0
    return table
