"""One customer or one segment of the last run, on the screen."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from foretell.answers.customer import Customer, customer_of
from foretell.answers.score_change import CustomerChange, score_change_of
from foretell.answers.segment import kept_segment
from foretell.pipeline.requests import request_of_last_run


def show_customer(customer_id: str, out: Path | None, as_json: bool) -> None:
    """Print one customer's forecasts and reasons, and what moved them since the scores before."""
    request = request_of_last_run(out)
    customer = customer_of(customer_id, request)
    change = score_change_of(customer, request)
    if as_json:
        values = customer.values | {"change": change and change.as_json()}
        print(json.dumps(values, ensure_ascii=False, default=str))
        return
    _print(customer, change)


def show_segment(name: str, out: Path | None, as_json: bool) -> None:
    """Print what sets one segment apart from everybody."""
    request = request_of_last_run(out)
    segment = kept_segment(name, request.state, request.horizon_days)
    if as_json:
        print(json.dumps(segment, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    customers = f"{segment['customers']:,} customer{'' if segment['customers'] == 1 else 's'}"
    console.print(
        f"{segment['segment']}, {customers} as of {segment['as_of']}, the next {segment['horizon_days']} days"
    )
    console.print(
        "  what sets their odds of an order apart, with their typical facts (what the model saw, not causes):"
    )
    for reason in segment["reasons"] or ["nothing: their odds are about those of everybody"]:
        console.print(f"    {reason}")


def _print(customer: Customer, change: CustomerChange | None) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(customer.headline())
    for name, value in customer.lines():
        console.print(f"  {name:<28} {value}")
    console.print("  why P(order) is what it is (what the model saw, not causes):")
    for reason in customer.values["reasons"]:
        console.print(f"    {reason}")
    if change is not None:
        from foretell.answers.score_change_words import change_lines  # noqa: PLC0415  it loads the models' libraries

        for line in change_lines(change, customer.currency):
            console.print(f"  {line}")
