"""`foretell generate shop`: a shop whose truth is known, to try things out and to test what finds it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.options import Json

generate = typer.Typer(help="Make data whose truth is known.", no_args_is_help=True)


@generate.callback()
def made() -> None:
    """Make data whose truth is known."""


@generate.command()
def shop(  # noqa: PLR0913 - a door: each argument is an option of its user
    customers: Annotated[int, typer.Option("--customers", metavar="N", help="How many customers.")] = 10_000,
    days: Annotated[int, typer.Option("--days", metavar="N", help="How many days, from 2023-01-01 on.")] = 730,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of everything that is drawn.")] = 0,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder of its own, new or empty.")] = Path(
        "generated-shop"
    ),
    drift: Annotated[
        int | None,
        typer.Option("--drift", metavar="DAY", help="From this day on: fewer orders, dearer, in the app."),
    ] = None,
    parameters: Annotated[
        bool, typer.Option("--parameters", help="Write nothing; print what a shop is drawn from, and its sources.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a generated shop: orders, events, contacts, feedback, profiles, subscriptions, consents, and its truth."""
    from foretell.cli.screen.progress import Listener
    from foretell.generated.parameters import Parameters, described, parameters_table
    from foretell.generated.request import ShopRequest
    from foretell.generated.shop import write_shop

    if parameters:
        told = described(Parameters())
        print(json.dumps(told, ensure_ascii=False) if as_json else parameters_table(told))
        return
    request = ShopRequest(customers, days, seed, drift)
    with Listener(quiet=as_json) as listener:
        rows = write_shop(request, out, listener)
    if as_json:
        print(json.dumps({"generated": True, "folder": str(out), "rows": rows}, ensure_ascii=False))
        return
    print(f"A generated shop, nothing in it is real: {out}")
    for name, count in rows.items():
        print(f"  {count:>12,} rows  {'truth/customers.parquet' if name == 'truth' else f'{name}.csv'}")
    print(f"Next: cd {out} && foretell run")
