"""`foretell run`: from orders, or a table with a label, to scores and a report."""

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
    NobodyOption,
    Out,
    ProofOption,
    Seed,
    SheetOption,
    StatesOption,
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
    states: StatesOption = None,
    nobody: NobodyOption = None,
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
    options = {
        "decimal": decimal,
        "date_order": date_order.value if date_order else None,
        "seed": seed,
        "as_of": as_of,
        "horizon": horizon,
        "columns": columns,
        "states": states,
        "nobody": nobody,
        "sheet": sheet,
        "first_day": first_day,
        "count_visits": count_visits or None,
        "value": value.value if value else None,
        "proof": proof.value if proof else None,
        "workers": workers,
        "timezone": timezone,
        "currency": currency,
        "margin": margin,
        "discount_rate": discount_rate,
    }
    if label is not None:
        from foretell.cli.screen.flat import show_flat_run
        from foretell.flat.request import flat_request

        own = {"customer": customer, "keep": keep, "drop": drop}
        show_flat_run(flat_request(files or [], out, label, **own, **options, plan=plan or None), as_json)
        return
    from foretell.cli.screen.run import show_plan, show_run
    from foretell.pipeline.intake.requests import request_from

    request = request_from(files or [], out, **options, assume_yes=yes or None)
    (show_plan if plan else show_run)(request, as_json)
