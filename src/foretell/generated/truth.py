"""What is true of each customer of a generated shop, and what nobody who runs a shop would know."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import FIRST_DAY, Calendar, times
from foretell.generated.customers import KINDS, Customers
from foretell.generated.identifiers import customer_ids, of_codes
from foretell.generated.orders import NEVER, REASONS, STAYED, Leaving
from foretell.generated.parameters import described
from foretell.generated.request import ShopRequest

README = """\
Everything in this folder is generated. No customer, order, word or figure in it is real.

Made by `foretell generate shop`: {customers:,} customers, {days:,} days from {first} on, seed {seed}, {drift}.
The same numbers give the same files, byte for byte.

customers.parquet  what is true of each customer: rate, value, kind, uplift, when and why they leave
parameters.json    what was asked for, and every number that the shop was drawn from, with its source

What is planted, and how to find it again, stands in Foretell's documentation: explanation/generated_shop.md.
"""


def truth_rows(who: tuple[Customers, Leaving], calendar: Calendar) -> pa.Table:
    """Rows of customers.parquet. `uplift` is orders more by a treated contact than by one held back, while somebody
    still orders; `leaves_at` and `reason` are null of who stays, and may lie after the end of the data."""
    customers, leaving = who
    p, kind = calendar.parameters, customers.contact_kind
    treated, control = np.array(p.order_if_treated)[kind], np.array(p.order_if_control)[kind]
    moments = {
        "signed_up_at": customers.signed_up,
        "leaves_at": _or_none(leaving.at),
        "last_order_at": _or_none(leaving.last_order),
        "complains_at": _or_none(leaving.complained),
        "cools_from": np.maximum(_or_none(leaving.cooling_from), np.where(leaving.cooling_from < NEVER, 0, -1)),
    }
    return pa.table(
        {
            "customer_id": customer_ids(customers, np.arange(len(customers))),
            "orders_per_week": customers.rate * 7,
            "mean_order_value": customers.mean_value,
            "is_high_value": customers.high_value,
            "is_price_sensitive": customers.price_sensitive,
            "visits_per_week": customers.visits_per_day * 7,
            "leaving_chance": customers.leaving_chance,
            "contact_kind": of_codes(KINDS, kind),
            "order_if_treated": treated,
            "order_if_control": control,
            "uplift": treated - control,
            "reason": of_codes(REASONS, np.where(leaving.reason == STAYED, -1, leaving.reason)),
            **{name: times(at) for name, at in moments.items()},
        }
    )


def _or_none(moments: np.ndarray) -> np.ndarray:
    return np.where(moments < NEVER, moments, -1)


def truth_texts(request: ShopRequest) -> dict[str, str]:
    """File name to text: README.txt and parameters.json."""
    drift = "no drift" if request.drift_day is None else f"drift from day {request.drift_day:,} on"
    asked = {name: getattr(request, name) for name in ("customers", "days", "seed", "drift_day")}
    if request.ahead:
        asked["ahead"] = request.ahead
    told = {
        "generated": True,
        "asked": {**asked, "first_day": FIRST_DAY.isoformat()},
        "parameters": described(request.calendar.parameters),
    }
    readme = README.format(
        customers=request.customers, days=request.days, first=FIRST_DAY.isoformat(), seed=request.seed, drift=drift
    )
    return {"README.txt": readme, "parameters.json": json.dumps(told, indent=2, ensure_ascii=False) + "\n"}
