"""The command line: each command asks one question and prints the answer."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.alerts import alerts
from foretell.cli.check import check
from foretell.cli.options import (
    AsOf,
    ColumnsOption,
    Currency,
    DateOrderOption,
    DecimalOption,
    DiscountRate,
    DropOption,
    Files,
    Horizon,
    IdOption,
    Json,
    KeepOption,
    LabelOption,
    Margin,
    Out,
    ProofOption,
    RunOption,
    Seed,
    Timezone,
    ValueOption,
    Workers,
    Yes,
)
from foretell.cli.proof import backtest, model
from foretell.cli.segments import migration, segments

app = typer.Typer(
    name="foretell",
    help="Says what each customer will do next, how sure it is, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(check, name="check")
app.add_typer(model, name="model")
app.add_typer(alerts, name="alerts")


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("demo-results"),
    proof: ProofOption = None,
    as_json: Json = False,
) -> None:
    """Run everything on the bundled orders of a gift shop; no account, no data of yours."""
    from foretell.cli.run import show_run
    from foretell.data import online_retail
    from foretell.pipeline.requests import request_for_files

    columns = {
        "customer": "customer_id",
        "time": "invoice_ts",
        "order": "invoice_no",
        "product": "stock_code",
        "quantity": "quantity",
        "unit_price": "unit_price_gbp",
    }
    how = {"currency": "GBP", "name": "a gift shop", "proof": proof.value if proof else None}
    request = request_for_files([online_retail()], out, columns=columns, **how)
    show_run(request, as_json)


@app.command()
def init(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Files = None,
    columns: ColumnsOption = None,
    date_order: DateOrderOption = None,
    decimal: DecimalOption = None,
    yes: Yes = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a foretell.toml that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Read an order file, show which column is taken for what, and write foretell.toml."""
    from foretell.cli.init import begin

    how = {"date_order": date_order.value if date_order else None, "decimal": decimal}
    begin(files or [], columns, how, yes, force, as_json)


@app.command()
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
        from foretell.cli.flat import show_flat_run
        from foretell.flat.request import flat_request

        flat = flat_request(
            files or [],
            out,
            label,
            customer=customer,
            keep=keep,
            drop=drop,
            decimal=decimal,
            date_order=date_order.value if date_order else None,
            seed=seed,
            as_of=as_of,
            horizon=horizon,
            columns=columns,
            value=value,
            timezone=timezone,
            currency=currency,
            margin=margin,
            discount_rate=discount_rate,
        )
        show_flat_run(flat, as_json)
        return
    from foretell.cli.run import show_plan, show_run
    from foretell.pipeline.requests import request_from

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
        margin=margin,
        discount_rate=discount_rate,
        workers=workers,
        assume_yes=yes or None,
    )
    (show_plan if plan else show_run)(request, as_json)


@app.command()
def score(as_of: AsOf = None, out: Out = None, as_json: Json = False) -> None:
    """Score everybody at a new date with the models of the last run, without training."""
    from foretell.cli.score import show_scores

    show_scores(as_of, out, as_json)


@app.command()
def report(out: Out = None, run: RunOption = None, as_json: Json = False) -> None:
    """Write the report of the last run again."""
    from foretell.cli.report import show_report

    show_report(out, run, as_json)


app.command()(backtest)
app.command()(segments)
app.command()(migration)


@app.command()
def explain(
    customer: Annotated[str | None, typer.Argument(help="The customer's id.")] = None,
    segment: Annotated[
        str | None, typer.Option(help="A segment in place of a customer: what sets it apart from everybody.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Tell what is expected of one customer, how sure that is, and why; or what sets a segment apart."""
    from foretell.cli.explain import show_customer, show_segment
    from foretell.project.errors import InputError

    if segment is not None and customer is None:
        show_segment(segment, out, as_json)
    elif customer is not None and segment is None:
        show_customer(customer, out, as_json)
    else:
        raise InputError(
            "Name a customer or a segment.", expected="foretell explain ID, or foretell explain --segment NAME"
        )


def main() -> None:
    """Run a command; an error that the user can mend ends with exit code 2 and no traceback."""
    from foretell.project.errors import ForetellError, InputError

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app()
    except ForetellError as error:
        if debug:
            raise
        if "--json" in sys.argv and isinstance(error, InputError):
            print(json.dumps({"error": error.what, **error.details()}, ensure_ascii=False))
        else:
            print(f"foretell: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("foretell: stopped; the next run goes on where this one was", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
