"""A small shop whose orders, customers and spend are known, and the files that different programs export of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

Rows = list[tuple[object, ...]]
FIRST_DAY = datetime(2024, 1, 3)
OUTCOMES = ("paid", "shipped", "failed", "cancelled", "pending", "refunded", "refunded in part")
SOLD = ("paid", "shipped", "refunded in part")
SHARES = (0.5, 0.22, 0.07, 0.06, 0.04, 0.05, 0.06)


@dataclass(frozen=True)
class Item:
    """A line of an order: money in cents."""

    product: int
    pieces: int
    price: int

    @property
    def cents(self) -> int:
        """What the line comes to."""
        return self.pieces * self.price


@dataclass(frozen=True)
class Sale:
    """One order: who placed it, what became of it, the discount on the whole of it, and what was given back, in
    cents."""

    number: int
    buyer: int
    at: datetime
    outcome: str
    items: tuple[Item, ...]
    discount: int = 0
    back: int = 0

    @property
    def total(self) -> int:
        """What was asked for."""
        return sum(item.cents for item in self.items) - self.discount

    @property
    def email(self) -> str:
        """The buyer's address."""
        return f"buyer{self.buyer}@example.org"

    @property
    def name(self) -> str:
        """The buyer's name."""
        return f"Given{self.buyer} Family{self.buyer % 9}"

    @property
    def is_guest(self) -> bool:
        """Whether it was placed without signing in; everybody does that now and then."""
        return self.number % 3 != 0


@dataclass(frozen=True)
class Truth:
    """What is right for an export: `left_out` is state to number of orders."""

    orders: int
    customers: int
    cents: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    anonymous: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Export:
    """A file with what is right for it; `plain` are names of its columns that say less."""

    header: tuple[str, ...]
    rows: Rows
    truth: Truth
    plain: Mapping[str, str]

    def written(self, path: Path, plain: bool = False, turned: bool = False) -> Path:
        """The export as a CSV file, under names that say less, or with its columns from last to first."""
        names = [self.plain.get(name, name) if plain else name for name in self.header]
        step = -1 if turned else 1
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names[::step], *(row[::step] for row in self.rows)])
        return path


def sales(orders: int = 320, buyers: int = 60, seed: int = 5) -> list[Sale]:
    """The orders of a year, oldest first. Each product has its price."""
    random = np.random.default_rng(seed)
    prices = random.integers(450, 9_000, 24)
    minutes = np.sort(random.integers(0, 365 * 24 * 60, orders))
    made = []
    for n in range(orders):
        products = random.choice(24, int(random.integers(1, 5)), replace=False)
        items = tuple(Item(int(p), int(random.integers(1, 6)), int(prices[p])) for p in products)
        outcome = str(random.choice(OUTCOMES, p=SHARES))
        discount = int(items[0].price * 0.3) if n % 4 == 0 else 0
        sale = Sale(1001 + n, int(random.integers(0, buyers)), FIRST_DAY + timedelta(minutes=int(minutes[n])),
                    outcome, items, discount)  # fmt: skip
        back = {"refunded": sale.total, "refunded in part": sale.total // 3}.get(outcome, 0)
        made.append(Sale(sale.number, sale.buyer, sale.at, outcome, items, discount, back))
    return made


def money(cents: int) -> str:
    """Cents as text."""
    return f"{cents / 100:.2f}"


def truth_of(all_sales: Sequence[Sale], words: Mapping[str, str], cents: Callable[[Sale], int] | None = None) -> Truth:
    """What is right where each outcome is told by a word."""
    sold = [sale for sale in all_sales if sale.outcome in SOLD]
    left_out: dict[str, int] = {}
    for sale in all_sales:
        if sale.outcome not in SOLD:
            left_out[words[sale.outcome]] = left_out.get(words[sale.outcome], 0) + 1
    worth = cents or (lambda sale: sale.total - sale.back)
    return Truth(len(sold), len({sale.buyer for sale in sold}), sum(map(worth, sold)), left_out)


def shop_orders(made: Sequence[Sale]) -> Export:
    """A row an order, with its state, what was given back beside it, and 0 for whoever did not sign in."""
    words = {"paid": "wc-processing", "shipped": "wc-completed", "failed": "wc-failed", "cancelled": "wc-cancelled",
             "pending": "wc-pending", "refunded": "wc-refunded", "refunded in part": "wc-completed"}  # fmt: skip
    header = ("order_id", "order_date", "status", "order_total", "customer_id", "billing_email", "meta:_refund_total",
              "billing_phone")  # fmt: skip
    rows: Rows = [
        (s.number, f"{s.at:%Y-%m-%d %H:%M:%S}", words[s.outcome], money(s.total), 0 if s.is_guest else s.buyer + 1,
         s.email, money(s.back) if s.back else "", "")
        for s in made[::-1]
    ]  # fmt: skip
    plain = {"order_date": "wann", "status": "how_it_went", "meta:_refund_total":
             "given_back_sum", "customer_id": "kundennr", "billing_email": "wer"}  # fmt: skip
    return Export(header, rows, truth_of(made, words), plain)


def payments(made: Sequence[Sale]) -> Export:
    """A row a try to pay; the id of the customer is often empty, the address never."""
    words = {"paid": "Paid", "shipped": "Paid", "failed": "Failed", "cancelled": "Canceled",
             "pending": "requires_payment_method", "refunded": "Refunded", "refunded in part": "Paid"}  # fmt: skip
    header = ("id", "Created (UTC)", "Amount", "Amount Refunded", "Status", "Customer ID", "Customer Email", "Fee")
    rows: Rows = [
        (f"ch_{s.number:06d}x", f"{s.at:%Y-%m-%d %H:%M:%S}", money(s.total), money(s.back), words[s.outcome],
         "" if s.is_guest else f"cus_{s.buyer:04d}", s.email, money(30 + s.total // 40))
        for s in made[::-1]
    ]  # fmt: skip
    plain = {"Created (UTC)": "moment", "Amount Refunded": "sent_home", "Status": "ended_as", "Customer ID": "kundennr",
             "Customer Email": "adresse"}  # fmt: skip
    return Export(header, rows, truth_of(made, words), plain)


def order_lines(made: Sequence[Sale]) -> Export:
    """A row a line; what is said of the order stands on its first line, its discount with it; addresses in capitals
    now and then."""
    words = {"paid": "paid", "shipped": "paid", "failed": "voided", "cancelled": "voided", "pending": "pending",
             "refunded": "refunded", "refunded in part": "partially_refunded"}  # fmt: skip
    header = ("Name", "Email", "Financial Status", "Subtotal", "Total", "Discount Amount", "Created at",
              "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Refunded Amount")  # fmt: skip
    rows: Rows = []
    for s in made[::-1]:
        email = s.email.upper() if s.number % 5 == 0 else s.email
        for n, item in enumerate(s.items):
            said = (words[s.outcome], money(s.total), money(s.total), money(s.discount)) if n == 0 else ("",) * 4
            rows.append((f"#{s.number}", email, *said, f"{s.at:%Y-%m-%d %H:%M:%S} +0000", item.pieces,
                         f"Mug {item.product}", money(item.price), f"M-{item.product:03d}",
                         money(s.back) if n == 0 else ""))  # fmt: skip
    plain = {"Name": "order", "Email": "who", "Financial Status": "how_it_went", "Total": "order_total",
             "Created at": "wann", "Refunded Amount": "refunds_so_far", "Lineitem name": "what"}  # fmt: skip
    return Export(header, rows, truth_of(made, words), plain)


def marketplace(made: Sequence[Sale]) -> Export:
    """A row a line, whose price is that of all its pieces; nothing stands there for what was cancelled."""
    gone = ("failed", "cancelled", "pending", "refunded")
    kept = [s for s in made if s.outcome not in gone]
    header = ("order-id", "purchase-date", "buyer-email", "buyer-name", "sku", "product-name", "quantity-purchased",
              "item-price", "order-status")  # fmt: skip
    rows: Rows = [
        (f"112-{s.number}-7", f"{s.at:%Y-%m-%dT%H:%M:%S}+00:00", s.email, s.name, f"S{item.product}",
         f"Mug {item.product}", item.pieces, "" if s.outcome in gone else money(item.cents),
         "Cancelled" if s.outcome in gone else "Shipped")
        for s in made[::-1] for item in s.items
    ]  # fmt: skip
    plain = {
        "order-id": "order",
        "purchase-date": "wann",
        "buyer-email": "wer",
        "buyer-name": "hieß",
        "product-name": "what",
        "item-price": "price",
        "quantity-purchased": "pieces",
        "order-status": "came_to",
    }
    truth = Truth(len(kept), len({s.buyer for s in kept}), sum(s.total + s.discount for s in kept),
                  {"Cancelled": len(made) - len(kept)})  # fmt: skip
    return Export(header, rows, truth, plain)


def joined(made: Sequence[Sale]) -> Export:
    """Orders, their items and their payments in one table: each item stands there once for each payment, and the
    customer's id is new for each order."""
    words = {"paid": "delivered", "shipped": "shipped", "failed": "unavailable", "cancelled": "canceled",
             "pending": "canceled", "refunded": "canceled", "refunded in part": "delivered"}  # fmt: skip
    header = ("order_id", "customer_id", "customer_unique_id", "order_status", "order_purchase_timestamp",
              "order_item_id", "product_id", "price", "freight_value", "payment_sequential",
              "payment_value")  # fmt: skip
    rows: Rows = []
    for s in made:
        pieces = [item for item in s.items for _ in range(item.pieces)]
        whole = sum(item.price for item in pieces)
        paid = (whole,) if s.number % 3 else (whole // 4, whole - whole // 4)
        for n, item in enumerate(pieces, start=1):
            for part, cents in enumerate(paid, start=1):
                rows.append((f"o{s.number:08x}", f"c{s.number:08x}", f"u{s.buyer:08x}", words[s.outcome],
                             f"{s.at:%Y-%m-%d %H:%M:%S}", n, f"p{item.product:04d}", money(item.price), "0.00", part,
                             money(cents)))  # fmt: skip
    plain = {"order_id": "order", "customer_id": "kundennr", "customer_unique_id": "kunde", "order_status":
             "wie_es_ausging", "order_purchase_timestamp": "wann", "order_item_id": "position",
             "payment_sequential": "teil"}  # fmt: skip
    return Export(header, rows, truth_of(made, words, lambda s: s.total + s.discount), plain)


def gifts(made: Sequence[Sale]) -> Export:
    """Who gave, when and how much; there are no numbers."""
    header = ("Name", "E-mail", "Donation Date", "Amount", "Comment")
    rows: Rows = [(s.name, s.email, f"{s.at:%Y-%m-%d}", money(s.total), "") for s in made]
    days = {(s.buyer, s.at.date()) for s in made}
    truth = Truth(len(days), len({s.buyer for s in made}), sum(s.total for s in made))
    return Export(header, rows, truth, {"Name": "order name", "E-mail": "contact", "Donation Date": "wann"})


def receipts(made: Sequence[Sale]) -> Export:
    """Receipts of a till that begins at 1 each day."""
    header = ("receipt_no", "sold_at", "card_number", "total", "till")
    rows: Rows = []
    last, number = None, 0
    for s in made:
        number = number + 1 if last == s.at.date() else 1
        last = s.at.date()
        rows.append((number, f"{s.at:%Y-%m-%d %H:%M}", f"70{s.buyer:05d}", money(s.total), 1))
    truth = Truth(len(made), len({s.buyer for s in made}), sum(s.total for s in made))
    return Export(header, rows, truth, {"receipt_no": "bon nr", "sold_at": "wann", "card_number": "kunde"})


def rounded_ids(made: Sequence[Sale]) -> Export:
    """Long ids that a spreadsheet rounded; the address beside them is whole."""
    header = ("order_id", "order_date", "customer_id", "amount")
    rows: Rows = [
        (s.number, f"{s.at:%Y-%m-%d}", f"2.0{s.buyer // 4:03d}E+14", money(s.total)) for s in made
    ]  # fmt: skip
    truth = Truth(len(made), len({s.buyer // 4 for s in made}), sum(s.total for s in made))
    return Export(header, rows, truth, {"customer_id": "kundennr", "order_date": "wann"})


KINDS: Mapping[str, Callable[[Sequence[Sale]], Export]] = {
    "shop orders": shop_orders,
    "payments": payments,
    "order lines": order_lines,
    "marketplace": marketplace,
    "joined": joined,
    "gifts": gifts,
    "receipts": receipts,
}
"""The exports that can be read without a question."""
