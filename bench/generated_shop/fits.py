"""The parameters of the generated shop as two public purchase logs tell them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.btyd import gamma_gamma
from foretell.btyd.beta_geometric import BetaGeometric
from foretell.btyd.summary import summarised
from foretell.data import online_retail

MICROSECONDS_OF_A_DAY = 86_400_000_000
BOOKINGS = ("POST", "M", "D", "DOT", "BANK CHARGES", "CRUK", "PADS", "C2")
"""Lines of Online Retail that are no products: postage, manual corrections, fees."""


def from_online_retail() -> dict[str, float | list[float]]:
    """Name to value, from the orders that come with Foretell: rate and dropout, by week day, products, refunds."""
    lines = pq.read_table(online_retail())
    named = lines.filter(lines["customer_id"].is_valid())
    sold = named.filter(pc.and_(pc.greater(named["quantity"], 0), pc.greater(named["unit_price_gbp"], 0)))
    sold = sold.filter(pc.invert(pc.is_in(sold["stock_code"], value_set=pa.array(BOOKINGS))))
    at = sold["invoice_ts"].cast("timestamp[us]").cast("int64").to_numpy()
    day = at // MICROSECONDS_OF_A_DAY
    customer = _codes(sold["customer_id"].to_numpy())
    process = BetaGeometric(at_first=0.0).fit(summarised(*_purchase_days(customer, day)))
    order = _codes(sold["invoice_no"].to_numpy(zero_copy_only=False))
    first_line = np.unique(order, return_index=True)[1]
    product = _codes(sold["stock_code"].to_numpy(zero_copy_only=False))
    taken_back = named.filter(pc.starts_with(named["invoice_no"], "C"))
    return {
        "rate_shape": process.r,
        "rate_scale_weeks": process.alpha,
        "leaving_a": process.a,
        "leaving_b": process.b,
        "weekday_shares": _shares((day[first_line] + 3) % 7, 7),
        "refunded_share": taken_back.num_rows / sold.num_rows,
        "home_share": _home_share(sold["country"].to_numpy(zero_copy_only=False)[first_line]),
        "product_spread": float(np.log(np.bincount(product)).std()),
        "price_spread": float(np.log(_median_price(product, sold["unit_price_gbp"].to_numpy())).std()),
    }


def from_complete_journey(folder: Path) -> dict[str, float | list[float]]:
    """Name to value, from grocery baskets of households: values, repeats, discounts, answers, ages."""
    lines = pq.read_table(folder / "transactions.parquet")
    lines = lines.filter(pc.and_(pc.greater(lines["sales_value"], 0), pc.greater(lines["quantity"], 0)))
    household = _codes(lines["household_id"].to_numpy())
    basket = _codes(lines["basket_id"].to_numpy())
    amount = lines["sales_value"].to_numpy()
    owner = np.zeros(basket.max() + 1, dtype=np.int64)
    owner[basket] = household
    values = np.bincount(basket, amount)
    kept = values > 0
    baskets = np.bincount(owner[kept])
    mean = np.bincount(owner[kept], values[kept]) / baskets
    money = gamma_gamma.fit(gamma_gamma.summarised(baskets.astype(np.float64), mean))
    off = sum(lines[name].to_numpy() for name in ("retail_disc", "coupon_disc", "coupon_match_disc"))
    cut = off > 0
    mailed, redeemed = (pq.read_table(folder / f"{name}.parquet") for name in ("campaigns", "coupon_redemptions"))
    answered = redeemed.group_by(["campaign_id", "household_id"]).aggregate([]).num_rows
    ages = pc.value_counts(pq.read_table(folder / "demographics.parquet")["age"].drop_null()).to_pylist()
    known = sum(one["counts"] for one in ages)
    return {
        "value_p": money.p,
        "value_q": money.q,
        "value_gamma": money.gamma,
        "repeat_share": _repeat_share(household, lines["product_id"].to_numpy(), basket),
        "discount_depth": float(np.median(off[cut] / (amount + off)[cut])),
        "answered_share": answered / mailed.num_rows,
        "age_shares": [one["counts"] / known for one in sorted(ages, key=lambda one: str(one["values"]))],
    }


def _codes(values: np.ndarray) -> np.ndarray:
    return np.unique(values, return_inverse=True)[1]


def _purchase_days(customer: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Purchase days, days from the first to the last one, and days observed, of each customer."""
    pairs = np.unique(np.column_stack([customer, day]), axis=0)
    who, when = pairs[:, 0], pairs[:, 1]
    first = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    last = np.append(first[1:], len(who)) - 1
    return np.bincount(who), when[last] - when[first], day.max() + 1 - when[first]


def _shares(codes: np.ndarray, levels: int) -> list[float]:
    return [float(share) for share in np.bincount(codes, minlength=levels) / len(codes)]


def _home_share(country: np.ndarray) -> float:
    return float(np.mean(country == "United Kingdom"))


def _median_price(product: np.ndarray, price: np.ndarray) -> np.ndarray:
    order = np.lexsort((price, product))
    begins = np.unique(product[order], return_index=True)[1]
    middle = begins + (np.append(begins[1:], len(order)) - begins) // 2
    return price[order][middle]


def _repeat_share(household: np.ndarray, product: np.ndarray, basket: np.ndarray) -> float:
    """The share of lines whose product the household had in an earlier basket."""
    pair = _codes(household * (product.max() + 1) + product)
    earliest = np.full(pair.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, pair, basket)
    return float(np.mean(basket > earliest[pair]))
