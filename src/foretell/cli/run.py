"""`foretell run`: from orders, or a table with a label, to scores and a report."""

# ruff: noqa: PLC0415  a command loads only what it needs, so that --help is quick

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import (
    AsOf,
    ColumnsOption,
    Currency,
    DateOrderOption,
    DecimalOption,
    DiscountRate,
    DropOption,
    Files,
    FirstDayOption,
    Horizon,
    IdOption,
    Json,
    KeepOption,
    LabelOption,
    Margin,
    Out,
    ProofOption,
    Seed,
    SheetOption,
    Timezone,
    ValueOption,
    VisitsOption,
    Workers,
    Yes,
)


def run(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Files = None,
    as_of: AsOf = None,
    horizon: Horizon = None,
    columns: ColumnsOption = None,
    value: ValueOption = None,
    seed: Seed = None,
    proof: ProofOption = None,
    yes: Yes = False,
    out: Out = None,
    timezone: Timezone = None,
    currency: Currency = None,
    date_order: DateOrderOption = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    first_day: FirstDayOption = None,
    count_visits: VisitsOption = False,
    margin: Margin = None,
    discount_rate: DiscountRate = None,
    workers: Workers = None,
    label: LabelOption = None,
    customer: IdOption = None,
    keep: KeepOption = None,
    drop: DropOption = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say which steps would run, and why.")] = False,
    as_json: Json = False,
) -> None:
    """From orders to proved, explained scores and a report; with --label from a table of one row a customer."""
    if label is not None:
        from foretell.cli.screen.flat import show_flat_run
        from foretell.flat.request import flat_request

        flat = flat_request(
            files or [],
            out,
            label,
            customer=customer,
            keep=keep,
            drop=drop,
            decimal=decimal,
            first_day=first_day,
            count_visits=count_visits or None,
            sheet=sheet,
            date_order=date_order.value if date_order else None,
            seed=seed,
            as_of=as_of,
            horizon=horizon,
            columns=columns,
            value=value,
            proof=proof,
            plan=plan or None,
            workers=workers,
            timezone=timezone,
            currency=currency,
            margin=margin,
            discount_rate=discount_rate,
        )
        show_flat_run(flat, as_json)
        return
    from foretell.cli.screen.run import show_plan, show_run
    from foretell.pipeline.intake.requests import request_from

    request = request_from(
        files or [],
        out,
        columns=columns,
        horizon=horizon,
        as_of=as_of,
        value=value.value if value else None,
        seed=seed,
        proof=proof.value if proof else None,
        timezone=timezone,
        currency=currency,
        date_order=date_order.value if date_order else None,
        decimal=decimal,
        sheet=sheet,
        first_day=first_day,
        count_visits=count_visits or None,
        margin=margin,
        discount_rate=discount_rate,
        workers=workers,
        assume_yes=yes or None,
    )
    (show_plan if plan else show_run)(request, as_json)
