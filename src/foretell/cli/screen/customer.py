"""One customer or one segment of the last run, on the screen."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from foretell.answers.customer import Customer, customer_of
from foretell.answers.published import published
from foretell.answers.score_change import CustomerChange, score_change_of
from foretell.answers.score_change_words import change_lines
from foretell.answers.segments import segment_named
from foretell.project.place import place_of
from foretell.words.wording import TIGHT, counted


def show_customer(customer_id: str, out: Path | None, as_json: bool) -> None:
    """Print one customer's forecasts and reasons, and what moved them since the scores before."""
    run = published(place_of(out))
    customer = customer_of(customer_id, run)
    change = score_change_of(customer, run)
    if as_json:
        values = customer.values | {"change": change and change.as_json()}
        print(json.dumps(values, ensure_ascii=False, default=str))
        return
    _print(customer, change)


def show_segment(name: str, out: Path | None, as_json: bool) -> None:
    """Print what sets one segment apart from everybody."""
    found = segment_named(name, published(place_of(out)))
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    customers = counted(found.customers, "customer")
    console.print(f"{found.segment}, {customers} as of {found.as_of}, the next {found.horizon_days} days")
    console.print(
        "  what sets their odds of an order apart, with their typical facts (what the model saw, not causes):"
    )
    for reason in found.reasons or ("nothing: their odds are about those of everybody",):
        console.print(f"    {reason}")


def _print(customer: Customer, change: CustomerChange | None) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(customer.headline())
    for name, value in customer.lines():
        console.print(f"  {name:<28} {value.replace(TIGHT, ' ')}")
    console.print("  why P(order) is what it is (what the model saw, not causes):")
    for reason in customer.values["reasons"]:
        console.print(f"    {reason}")
    if change is not None:
        for line in change_lines(change, customer.currency):
            console.print(f"  {line}")
