"""A small shop with a second table, drawn anew for each seed, in which one fault at a time can be planted."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

FIRST_DAY = datetime(2023, 9, 1)
BY_HOUR = np.array([0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 6, 5, 4, 4, 5, 6, 7, 8, 8, 6, 4, 2, 1]) / 81


@dataclass(frozen=True)
class Order:
    """A line of an order."""

    number: str
    customer: str
    at: datetime
    amount: float
    product: str
    quantity: int = 1


@dataclass(frozen=True)
class FaultyShop:
    """Orders and visits (customer and moment), in time order; `days_only` leaves the times of day out."""

    orders: tuple[Order, ...]
    visits: tuple[tuple[str, datetime], ...]
    days_only: bool = False
    columns: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write orders.csv, visits.csv and the foretell.toml that declares them; gives the latter."""
        form = "%Y-%m-%d" if self.days_only else "%Y-%m-%dT%H:%M:%S"
        with (folder / "orders.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["order_id", "customer_id", "ordered_at", "amount", "product", "quantity"])
            for one in self.orders:
                told = (one.number, one.customer, one.at.strftime(form))
                rows.writerow([*told, f"{one.amount:.2f}", one.product, one.quantity])
        with (folder / "visits.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["customer_id", "time", "event"])
            rows.writerows([who, at.isoformat(), "view"] for who, at in self.visits)
        path = folder / "foretell.toml"
        path.write_text(
            '[project]\nname = "shop"\n[[sources]]\ntable = "orders"\npath = ["orders.csv"]\n'
            'columns = { order = "order_id", customer = "customer_id", time = "ordered_at", amount = "amount", '
            'product = "product", quantity = "quantity" }\n'
            '[[sources]]\ntable = "events"\npath = ["visits.csv"]\n'
            'columns = { customer = "customer_id", time = "time", name = "event" }\n'
        )
        return path


def clean_shop(seed: int, customers: int = 150, days: int = 300, orders: int = 1500) -> FaultyShop:
    """A shop without a fault: closed on Sundays, customers of unequal rates, amounts of a heavy tail."""
    random = np.random.default_rng(seed)
    rates = random.gamma(1.0, 1.0, customers)
    who = random.choice(customers, orders, p=rates / rates.sum())
    amounts = np.exp(random.normal(3.5, 0.8, orders)).round(2)
    placed = []
    for n in range(orders):
        day = FIRST_DAY + timedelta(days=int(random.integers(days)))
        day += timedelta(days=day.weekday() == 6)
        at = day + timedelta(hours=int(random.choice(24, p=BY_HOUR)), seconds=int(random.integers(1, 3600)))
        placed.append((at, f"{who[n] + 1}", float(amounts[n]), f"p{random.integers(30)}", int(random.integers(1, 5))))
    placed.sort()
    visits = [(customer, at - timedelta(minutes=7)) for at, customer, *_ in placed for _ in range(2)]
    lines = []
    for n, (at, customer, amount, product, quantity) in enumerate(placed):
        lines.append(Order(str(1000 + n), customer, at, amount, product, quantity))
        if n % 3 == 1:
            lines.append(Order(str(1000 + n), customer, at, 19.5 + n % 11, f"q{n % 11}"))
    return FaultyShop(tuple(lines), tuple(sorted(visits, key=lambda visit: visit[1])))


Fault = Callable[[FaultyShop], FaultyShop]


def _changed(shop: FaultyShop, change: Callable[[int, Order], Order | None]) -> FaultyShop:
    kept = (change(n, one) for n, one in enumerate(shop.orders))
    return replace(shop, orders=tuple(one for one in kept if one is not None))


def ten_missing_days(shop: FaultyShop) -> FaultyShop:
    """An export is missing."""
    begin, end = datetime(2024, 3, 4), datetime(2024, 3, 14)
    return _changed(shop, lambda _, one: None if begin <= one.at < end else one)


def lines_twice(shop: FaultyShop) -> FaultyShop:
    """A part of the export was appended again."""
    return replace(shop, orders=(*shop.orders, *shop.orders[200:400]))


def till(shop: FaultyShop) -> FaultyShop:
    """One id stands for everybody at the counter."""
    return _changed(shop, lambda _, one: replace(one, customer="900") if int(one.number) % 3 == 0 else one)


def wholesaler(shop: FaultyShop) -> FaultyShop:
    """One customer brings more than all others together, by the hundred pieces."""

    def change(n: int, one: Order) -> Order:
        if int(one.number) % 60 or one.product.startswith("q"):
            return replace(one, customer="901") if int(one.number) % 60 == 0 else one
        return replace(one, customer="901", amount=6_000 + n, quantity=400 + n % 40)

    return _changed(shop, change)


def one_amount_too_large(shop: FaultyShop) -> FaultyShop:
    """A decimal sign was lost."""
    return _changed(shop, lambda n, one: replace(one, amount=8_950.0) if n == 700 else one)


def a_price_too_large(shop: FaultyShop) -> FaultyShop:
    """A decimal sign was lost on the line of an article that is always cheap."""
    one = next(n for n, one in enumerate(shop.orders) if one.product == "q0" and n > 700)
    return _changed(shop, lambda n, line: replace(line, amount=100 * line.amount) if n == one else line)


def one_quantity_too_large(shop: FaultyShop) -> FaultyShop:
    """A number of an article stands where its pieces should."""
    return _changed(shop, lambda n, one: replace(one, quantity=40_512) if n == 700 else one)


def days_without_times(shop: FaultyShop) -> FaultyShop:
    """The export tells days alone."""
    return replace(shop, days_only=True)


def midnights_of_another_zone(shop: FaultyShop) -> FaultyShop:
    """Days were written as moments in UTC."""
    return _changed(shop, lambda _, one: replace(one, at=_in_utc(one.at.replace(hour=0, minute=0, second=0))))


def ten_hours_off(shop: FaultyShop) -> FaultyShop:
    """The server stands on the other side of the world."""
    return _changed(shop, lambda _, one: replace(one, at=one.at + timedelta(hours=10)))


def without_summer_time(shop: FaultyShop) -> FaultyShop:
    """Times of Berlin were written in UTC."""
    return _changed(shop, lambda _, one: replace(one, at=_in_utc(one.at)))


def stale_visits(shop: FaultyShop) -> FaultyShop:
    """The second source was exported weeks before the first."""
    end = shop.orders[-1].at - timedelta(days=40)
    return replace(shop, visits=tuple(visit for visit in shop.visits if visit[1] < end))


def ids_with_a_prefix(shop: FaultyShop) -> FaultyShop:
    """The second source writes most ids in a way of its own."""
    return replace(shop, visits=tuple((who if int(who) % 5 == 0 else f"C-00{who}", at) for who, at in shop.visits))


def other_ids(shop: FaultyShop) -> FaultyShop:
    """The second source counts visitors, of whom nearly none can be told."""
    return replace(
        shop, visits=tuple((who if int(who) <= 5 else f"v{n + 5_000}", at) for n, (who, at) in enumerate(shop.visits))
    )


def unreadable_dates(shop: FaultyShop) -> FaultyShop:
    """Every tenth row has no year that can be believed."""
    return _changed(shop, lambda n, one: replace(one, at=one.at.replace(year=1904)) if n % 10 == 0 else one)


def empty_products(shop: FaultyShop) -> FaultyShop:
    """The column of products is not filled."""
    return _changed(shop, lambda _, one: replace(one, product=""))


def strangers_alone(shop: FaultyShop) -> FaultyShop:
    """The second source knows nobody who ordered."""
    return replace(shop, visits=tuple((f"x{who}", at) for who, at in shop.visits))


def _in_utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC).replace(tzinfo=None)


PLANTED: dict[Fault, tuple[str, str, str]] = {
    ten_missing_days: ("empty days", "warning", "orders"),
    lines_twice: ("equal lines", "warning", "orders"),
    till: ("one customer with many orders", "warning", "orders"),
    wholesaler: ("one large customer", "warning", "orders"),
    one_amount_too_large: ("outlying amount", "warning", "orders"),
    a_price_too_large: ("outlying price", "warning", "orders"),
    one_quantity_too_large: ("outlying quantity", "warning", "orders"),
    days_without_times: ("days only", "remark", "orders"),
    midnights_of_another_zone: ("shifted clock", "warning", "orders"),
    ten_hours_off: ("shifted clock", "warning", "orders"),
    without_summer_time: ("clock without summer time", "warning", "orders"),
    stale_visits: ("stale source", "warning", "events"),
    ids_with_a_prefix: ("ids written otherwise", "warning", "events"),
    other_ids: ("few matches", "warning", "events"),
    unreadable_dates: ("refused rows", "warning", "orders"),
    empty_products: ("empty cells", "warning", "orders"),
    strangers_alone: ("refused", "stop", ""),
}
"""Each fault, with the check that must find it, how grave it is, and in which table."""
