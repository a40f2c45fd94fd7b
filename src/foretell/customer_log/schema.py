"""The canonical tables of the customer log, as Arrow schemas: what every source is turned into."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Protocol

import pyarrow as pa

FACT = [("customer_id", pa.string()), ("happened_at", pa.int64()), ("known_at", pa.int64())]

ORDER_LINES = pa.schema(
    [
        *FACT,
        ("order_id", pa.string()),
        ("product", pa.string()),
        ("category", pa.string()),
        ("quantity", pa.float64()),
        ("amount", pa.int64()),
    ]
)
"""A line of an order. `amount` in ten-thousandths of the reporting currency, negative for a refund;
`order_id`, `product`, `category` and `quantity` may be null; times in microseconds UTC."""

NEVER = 2**62
"""The moment of what does not end."""
GONE_AT = pa.field("gone_at", pa.int64())
"""Until when a line counts: at a cutoff after that moment (microseconds UTC) it is as if it had never been, because its
order was cancelled, given back whole, or replaced by a newer version. A table of order lines has this column only where
its source knows of such ends; null where there is none, as where the column is missing."""

PRODUCT_NAME = pa.field("product_name", pa.string())
"""What the product of a line is called, where `product` is a code: a table of order lines has this column only where
its source has such names."""

LEFT_OUT = pa.schema(
    [
        ("kind", pa.string()),
        ("reason", pa.string()),
        ("order_id", pa.string()),
        ("rows", pa.int64()),
        ("amount", pa.int64()),
    ]
)
"""Rows that were read and are no sale of a customer: of `kind` state (`reason` is the state), ended (given back whole
or cancelled since; earlier cutoffs see them) or anonymous (`reason` is who stands there, empty for nobody), those of
one order together, its money in ten-thousandths; or, all together, repeated: the same line of an order again."""

ORDER_ATTRIBUTES = pa.schema([("country", pa.string()), ("channel", pa.string()), ("discount", pa.int64())])
"""What a line may say of its order beside: a table of order lines has each of these columns only where its source has
one. `discount` is what was taken off the line, in ten-thousandths, 0 where nothing was; texts may be null."""

REJECTED = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
"""A row that could not be used: where it stands (the header is line 1), and why."""


@dataclass(frozen=True)
class Columns:
    """Which column of the source plays which role; None where the source has none.

    `amount` is the money of a line, or `quantity` x `unit_price` stand for it; with `refund`, rows whose
    value there says so are refunds whatever the sign of their amount. `country` and `channel` tell where and how
    the order was placed, `discount` the money or the share taken off the line. Where `customer` is empty, or names
    nobody, `customer_2` and then `customer_3` count. `state` says whether the sale came about, `refunded` how much was
    given back of it, at `refunded_at` where that is known; from `cancelled_at` on there is no such order. `line`
    numbers the lines of an order where the same line stands on several rows, and counts once. `product_name` is what a
    product is called, where `product` is a code. All of these, `category`,
    `currency` and `known_at` are optional.
    """

    customer: str
    time: str
    amount: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    order: str | None = None
    product: str | None = None
    category: str | None = None
    refund: str | None = None
    currency: str | None = None
    known_at: str | None = None
    country: str | None = None
    channel: str | None = None
    discount: str | None = None
    customer_2: str | None = None
    customer_3: str | None = None
    state: str | None = None
    refunded: str | None = None
    refunded_at: str | None = None
    cancelled_at: str | None = None
    line: str | None = None
    product_name: str | None = None

    @property
    def customers(self) -> tuple[str, ...]:
        """The columns that name the customer: the first that is filled counts."""
        return tuple(name for name in (self.customer, self.customer_2, self.customer_3) if name is not None)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns of numbers, that of money first."""
        return tuple(name for name in (self.amount, self.unit_price, self.quantity) if name is not None)

    def used(self) -> dict[str, str]:
        """Role to column, for the roles that are filled."""
        return {role.name: value for role in fields(self) if (value := getattr(self, role.name)) is not None}


class ReadColumns(Protocol):
    """What reading a source asks of its columns: which are used, and which hold times, numbers, currencies and
    discounts; None where no column does."""

    @property
    def time(self) -> str | None: ...

    @property
    def numbers(self) -> tuple[str, ...]: ...

    @property
    def currency(self) -> str | None: ...

    @property
    def discount(self) -> str | None: ...

    def used(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class LinesBatch:
    """Some rows of a source as `ORDER_LINES`, with those of `ORDER_ATTRIBUTES` that it has, and `GONE_AT` where some of
    them end; the rows that could not be used as `REJECTED`; and rows read."""

    lines: pa.Table
    rejected: pa.Table
    rows_read: int
    left_out: pa.Table = field(default_factory=LEFT_OUT.empty_table)
