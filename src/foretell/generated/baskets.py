"""What is in each order: products and their prices, discounts, what came back, payments that failed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, money, numbered, of_codes
from foretell.generated.orders import Leaving, Orders
from foretell.generated.parameters import Parameters

CATEGORIES = ("kitchen", "garden", "toys", "candles", "stationery", "bags", "textiles", "decoration")
PRODUCTS, FAVOURITES = 240, 3
COUNTRIES = ("United Kingdom", "Ireland", "France", "Germany", "Netherlands")
CHANNELS = ("web", "app")
STATUSES = ("paid", "refunded", "failed")
REFUND_AFTER_DAYS = (3, 20)
REDRAWS = 8
"""How often a product is drawn anew that costs more than the order's value has left for it."""
FAILED_BEFORE = 300
"""Seconds from a payment that failed to the one that did not."""


@dataclass(frozen=True)
class Catalogue:
    """Products: code of the category, price in cents, share of lines."""

    category: np.ndarray
    price: np.ndarray
    share: np.ndarray

    def draw(self, random: np.random.Generator, shape: int | tuple[int, int]) -> np.ndarray:
        """Products by their popularity."""
        return np.searchsorted(np.cumsum(self.share), random.random(shape)).clip(0, PRODUCTS - 1)


@dataclass(frozen=True)
class Sales:
    """Orders with their number in the shop, code of the channel, and whether they were discounted."""

    orders: Orders
    number: np.ndarray
    channel: np.ndarray
    discounted: np.ndarray
    favourites: np.ndarray
    """Products [customers, FAVOURITES]."""


def drawn_catalogue(p: Parameters, random: np.random.Generator) -> Catalogue:
    """The products of the shop, the same for all its customers."""
    popularity = np.exp(random.normal(0, p.product_spread, PRODUCTS))
    price = np.exp(np.log(p.price_median) + random.normal(0, p.price_spread, PRODUCTS))
    cents = np.maximum(np.rint(price * 100).astype(np.int64), 20)
    return Catalogue(random.integers(0, len(CATEGORIES), PRODUCTS), cents, popularity / popularity.sum())


def drawn_sales(
    orders: Orders, customers: Customers, catalogue: Catalogue, calendar: Calendar, random: np.random.Generator
) -> Sales:
    """How each order was placed; whoever is price-sensitive orders with a discount alone. Numbers count from 0."""
    p, day, n = calendar.parameters, calendar.day_of(orders.at), len(orders.at)
    usual = np.where(calendar.in_promotion[day], p.promotion_discounted, p.discounted_share)
    discounted = (random.random(n) < usual) | customers.price_sensitive[orders.customer]
    app = random.random(n) < np.where(calendar.drifted[day], p.drift_app_share, p.app_share)
    favourites = catalogue.draw(random, (len(customers), FAVOURITES))
    return Sales(orders, np.arange(n), app.astype(np.int64), discounted, favourites)


def order_rows(
    sales: Sales, who: tuple[Customers, Leaving], catalogue: Catalogue, calendar: Calendar, random: np.random.Generator
) -> pa.Table:
    """Rows of orders.csv but for the order's id, which stands as `number`; in order of time."""
    customers, leaving = who
    lines = _lines(sales, customers, catalogue, calendar, random)
    order, at, n = lines["order"], sales.orders.at[lines["order"]], len(lines["order"])
    back_at = at + (random.uniform(*REFUND_AFTER_DAYS, n) * DAY).astype(np.int64)
    given_back = np.flatnonzero(
        (random.random(n) < calendar.parameters.refunded_share)
        & (back_at < np.minimum(leaving.at[sales.orders.customer[order]], calendar.end))
    )
    fails = random.random(len(sales.number)) < calendar.parameters.failed_share
    first_line = np.append(True, order[1:] != order[:-1]) if n else np.zeros(0, dtype=bool)
    failed = np.flatnonzero(first_line & fails[order] & (at - FAILED_BEFORE >= 0))
    line = np.concatenate([np.arange(n), given_back, failed])
    status = np.repeat([0, 1, 2], [n, len(given_back), len(failed)])
    at = np.concatenate([at, back_at[given_back], at[failed] - FAILED_BEFORE])
    sorting = np.lexsort((line, status == 1, sales.number[order[line]], at))
    line, status, at = line[sorting], status[sorting], at[sorting]
    sign = np.where(status == 1, -1, 1)
    of = order[line]
    quantity, price, off = (lines[name][line] for name in ("quantity", "price", "discount"))
    product, customer = lines["product"][line], sales.orders.customer[of]
    return pa.table(
        {
            "number": sales.number[of],
            "customer_id": customer_ids(customers, customer),
            "time": times(at),
            "product": numbered("P", product + 1, 4),
            "category": of_codes(CATEGORIES, catalogue.category[product]),
            "quantity": sign * quantity,
            "unit_price": money(price),
            "discount": money(sign * off),
            "amount": money(sign * (quantity * price - off)),
            "channel": of_codes(CHANNELS, sales.channel[of]),
            "country": of_codes(COUNTRIES, _country(customers, calendar.parameters)[customer]),
            "status": of_codes(STATUSES, status),
        }
    )


def _lines(
    sales: Sales, customers: Customers, catalogue: Catalogue, calendar: Calendar, random: np.random.Generator
) -> dict[str, np.ndarray]:
    """Lines in the order of the orders, no product twice in one: order, product, quantity; price, discount in cents."""
    p, orders = calendar.parameters, sales.orders
    value = random.gamma(p.value_p, 1.0, len(orders.at)) / p.value_p * customers.mean_value[orders.customer]
    affordable = np.maximum(value // p.price_median, 1).astype(np.int64)
    count = np.minimum(1 + random.poisson(p.lines_beyond_first, len(orders.at)), affordable)
    order = np.repeat(np.arange(len(orders.at)), count)
    own = sales.favourites[orders.customer[order], random.integers(0, FAVOURITES, len(order))]
    product = np.where(random.random(len(order)) < p.repeat_share, own, catalogue.draw(random, len(order)))
    for _ in range(REDRAWS):
        dear = catalogue.price[product] > (value * 100 / count)[order]
        product[dear] = catalogue.draw(random, int(dear.sum()))
    order, product = (part[np.unique(order * PRODUCTS + product, return_index=True)[1]] for part in (order, product))
    drifted = calendar.drifted[calendar.day_of(orders.at)][order]
    price = np.rint(catalogue.price[product] * np.where(drifted, p.drift_prices, 1.0)).astype(np.int64)
    share = (value * 100)[order] / np.bincount(order, minlength=len(orders.at))[order]
    quantity = np.maximum(np.rint(share / price), 1).astype(np.int64)
    off = np.where(sales.discounted[order], np.rint(quantity * price * p.discount_depth), 0).astype(np.int64)
    return {"order": order, "product": product, "quantity": quantity, "price": price, "discount": off}


def _country(customers: Customers, p: Parameters) -> np.ndarray:
    """Where a customer lives: told by their number, so that it never changes."""
    spread = (customers.number * 0.6180339887498949) % 1.0
    abroad = ((spread - p.home_share) / (1 - p.home_share) * (len(COUNTRIES) - 1)).astype(np.int64)
    return np.where(spread < p.home_share, 0, 1 + abroad.clip(0, len(COUNTRIES) - 2))
