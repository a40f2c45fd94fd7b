"""A small shop with a seed: order lines as rows of a file, among them refunds, late lines, rows of a time to come."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from foretell.features.tables.profiles import ATTRIBUTES
from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts
from made_orders import Line
from made_told import TEXTS, Told

HEADER = ("customer_id", "order_id", "order_date", "known_at", "product", "quantity", "amount")
OPENED = datetime(2010, 3, 1)
COUNTRIES = ("United Kingdom", "Germany", None)
Row = tuple[str, str, datetime, datetime, str, int, float]


def shop_rows(customers: int = 150, history_days: int = 130, seed: int = 11) -> list[Row]:
    """Rows in time order; orders of a customer come about every ten days, until the customer is gone."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    order = 5_000
    for customer in range(customers):
        gap = random.gamma(2.0, 5.0) + 1
        value = float(random.lognormal(3.0, 0.8))
        at = random.uniform(0, history_days * 0.7)
        leaves = at + random.exponential(90.0)
        while at < min(history_days, leaves):
            order += 1
            when = OPENED + timedelta(
                days=int(at), seconds=int(random.integers(9, 20) * 3_600 + random.integers(3_600))
            )
            rows += _order(random, f"{17_000 + customer}", str(order), when, value)
            at += random.exponential(gap)
    return sorted(rows, key=lambda row: (row[2], row[1]))


def _order(random: np.random.Generator, customer: str, order: str, when: datetime, value: float) -> list[Row]:
    known = when + timedelta(days=int(random.choice([0, 0, 0, 0, 0, 0, 0, 0, 4])))
    rows: list[Row] = []
    for _ in range(int(random.integers(1, 4))):
        amount = round(value * float(random.lognormal(0, 0.4)), 2)
        rows.append((customer, order, when, known, f"P{int(random.integers(30))}", int(random.integers(1, 5)), amount))
    if random.random() < 0.06:
        back = when + timedelta(days=int(random.integers(1, 15)))
        rows.append((customer, f"C{order}", back, back, rows[0][4], -1, -rows[0][6]))
    return rows


def is_known(row: Row, as_of: datetime) -> bool:
    return max(row[2], row[3]) < as_of


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    """The rows as a CSV file with a header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(
            (*row[:2], f"{row[2]:%Y-%m-%d %H:%M:%S}", f"{row[3]:%Y-%m-%d %H:%M:%S}", *row[4:]) for row in rows
        )
    return path


def as_lines(rows: Sequence[Row]) -> list[Line]:
    """The rows as the reader makes them, in UTC, with categories, countries, channels and discounts; every fortieth
    line is free."""
    return [
        Line(
            row[0], _moment(row[2]), _moment(row[3]), row[1], row[4], f"k{len(row[4]) + int(row[4][1:]) % 2}",
            float(row[5]), 0 if number % 40 == 0 else round(row[6] * 10_000),
            COUNTRIES[int(row[0]) % 7 % 3], ("web", "shop")[int(row[1][-1]) % 2], 10_000 * (int(row[1][-1]) % 3),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip


def as_told(rows: Sequence[Row], seed: int = 5) -> list[Told]:
    """Facts of every table about some of the customers, at moments around their orders."""
    random, found = np.random.default_rng(seed), list[Told]()
    for row in (row for row in rows for _ in range(3)):
        table = sorted(TEXTS)[int(random.integers(len(TEXTS)))]
        tells = [(name, values[int(random.integers(len(values)))]) for name, values in TEXTS[table].items()]
        if table == "profiles":
            tells[1] = ("attribute", [*ATTRIBUTES][int(random.integers(len(ATTRIBUTES)))])
            tells[2] = ("value", ("Bonn", "ad", "other")[int(random.integers(3))])
        happened = _moment(row[2] + timedelta(days=20) - timedelta(seconds=int(random.integers(40 * 86_400))))
        said = tuple((name, value) for name, value in tells if value is not None)
        found.append(Told(table, row[0], happened, happened + int(random.integers(3)) * 86_400_000_000, said))
    return found


def alone(batch: Timelines, row: int) -> Timelines:
    """One customer of a batch as a batch of one."""

    def own(facts: Facts) -> Facts:
        rows = slice(facts.offsets[row], facts.offsets[row + 1])
        columns = {name: values[rows].copy() for name, values in facts.given.items()}
        return Facts(np.array([0, rows.stop - rows.start]), columns, facts.derivations)

    return Timelines(
        batch.customer_key[row : row + 1],
        batch.customer_id.slice(row, 1),
        own(batch.orders),
        own(batch.adjustments),
        lambda: own(batch.lines),
        batch.timezone,
        batch.read_words,
        batch.read_table,
        table_names=batch.table_names,
    )


def _moment(when: datetime) -> int:
    return round((when - datetime(1970, 1, 1)).total_seconds()) * 1_000_000
