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
    ahead: Annotated[
        int, typer.Option("--ahead", metavar="N", help="Days beyond, by which `generate continue` can go on later.")
    ] = 0,
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
    request = ShopRequest(customers, days, seed, drift, ahead=ahead)
    with Listener(quiet=as_json) as listener:
        rows = write_shop(request, out, listener)
    if as_json:
        print(json.dumps({"generated": True, "folder": str(out), "rows": rows}, ensure_ascii=False))
        return
    print(f"A generated shop, nothing in it is real: {out}")
    for name, count in rows.items():
        print(f"  {count:>12,} rows  {'truth/customers.parquet' if name == 'truth' else f'{name}.csv'}")
    print(f"Next: cd {out} && foretell run")


@generate.command("continue")
def go_on(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A shop that was generated with --ahead.")],
    days: Annotated[int, typer.Option("--days", metavar="N", help="How many days the shop goes on.")],
    assignments: Annotated[
        Path | None,
        typer.Option("--assignments", metavar="FILE", help="Who was contacted or held back in these days."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add the next days to a generated shop, in which customers react to who was contacted."""
    from foretell.cli.screen.progress import Listener
    from foretell.generated.continued.going_on import continue_shop

    with Listener(quiet=as_json) as listener:
        done = continue_shop(folder, days, assignments, listener)
    if as_json:
        told = {"generated": True, "folder": str(folder), "days": done.days, "rows": done.rows, "resumed": done.resumed}
        print(json.dumps(told, ensure_ascii=False))
        return
    if done.resumed:
        print(f"An interrupted continuation was finished, and nothing else done: {folder} has {done.days:,} days.")
        return
    print(f"The generated shop goes on, nothing in it is real: {folder} has {done.days:,} days now.")
    for name, count in done.rows.items():
        print(f"  {count:>12,} rows more  {name}.csv")
