"""A small shop with a seed: order lines as rows of a file, among them refunds, late lines, rows of a time to come."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from made_orders import Line

from foretell.timelines.batch import Timelines, derived
from foretell.timelines.facts import Facts

HEADER = ("customer_id", "order_id", "order_date", "known_at", "product", "quantity", "amount")
OPENED = datetime(2010, 3, 1)
RAW = {
    "orders": ("happened_at", "known_at", "amount", "lines", "units"),
    "adjustments": ("happened_at", "known_at", "amount", "lines", "units"),
    "lines": ("happened_at", "known_at", "product", "category", "units", "amount"),
}
"""What an engine delivers of each kind of fact; all else is derived."""
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
    """The rows as the reader makes them, in UTC, with three categories; every fortieth line is free."""
    return [
        Line(
            row[0], _moment(row[2]), _moment(row[3]), row[1], row[4], f"k{len(row[4]) + int(row[4][1:]) % 2}",
            float(row[5]), 0 if number % 40 == 0 else round(row[6] * 10_000),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip


def alone(batch: Timelines, row: int) -> Timelines:
    """One customer of a batch as a batch of one."""
    kept = {}
    for kind, raw in RAW.items():
        facts = getattr(batch, kind)
        own = slice(facts.offsets[row], facts.offsets[row + 1])
        columns = {name: facts.columns[name][own].copy() for name in raw}
        kept[kind] = derived(kind, Facts(np.array([0, own.stop - own.start]), columns), batch.timezone)
    return replace(
        batch, customer_key=batch.customer_key[row : row + 1], customer_id=batch.customer_id.slice(row, 1), **kept
    )


def _moment(when: datetime) -> int:
    return round((when - datetime(1970, 1, 1)).total_seconds()) * 1_000_000
