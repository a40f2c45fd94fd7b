"""`foretell uplift FILE`: whom contact changes, from the file of a randomised experiment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.options import DateOrderOption, DecimalOption, Json, Seed, SheetOption

Named = list[str] | None


def uplift(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Annotated[list[Path], typer.Argument(help="The experiment: one row a customer.", metavar="FILE...")],
    arm: Annotated[str, typer.Option("--arm", metavar="COL", help="The column that says what each customer got.")],
    control: Annotated[str, typer.Option("--control", metavar="VALUE", help="The arm that got nothing.")],
    outcome: Annotated[str, typer.Option("--outcome", metavar="COL", help="What came of it: a number, or yes and no.")],
    value: Annotated[
        Named, typer.Option("--value", metavar="OUTCOME=MONEY", help="What one unit of the outcome is worth.")
    ] = None,
    cost: Annotated[Named, typer.Option("--cost", metavar="ARM=MONEY", help="What an arm costs a customer.")] = None,
    customer: Annotated[
        str | None, typer.Option("--id", metavar="COL", help="The column that names the customer.")
    ] = None,
    score: Annotated[
        list[Path] | None,
        typer.Option("--score", metavar="FILE", help="People without an arm, to be told what to get."),
    ] = None,
    keep: Annotated[
        Named, typer.Option("--keep", metavar="COL", help="Learn from this column although it was left out.")
    ] = None,
    drop: Annotated[Named, typer.Option("--drop", metavar="COL", help="Do not learn from this column.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results. [default: foretell-uplift]")
    ] = None,
    seed: Seed = None,
    decimal: DecimalOption = None,
    date_order: DateOrderOption = None,
    sheet: SheetOption = None,
    as_json: Json = False,
) -> None:
    """From a randomised experiment: whom contact changes, and whether choosing whom to contact pays."""
    from foretell.cli.screen.folded import folded
    from foretell.cli.screen.progress import Listener
    from foretell.flat.uplift import summary
    from foretell.flat.uplift.files import policy, uplift_answer
    from foretell.flat.uplift.request import uplift_request

    request = uplift_request(
        files,
        out,
        arm,
        control,
        outcome,
        value=value,
        cost=cost,
        customer=customer,
        score=score,
        keep=keep,
        drop=drop,
        seed=seed,
        decimal=decimal,
        date_order=date_order.value if date_order else None,
        sheet=sheet,
    )
    with Listener(quiet=as_json) as listener:
        found, paths = uplift_answer(request, listener)
    if as_json:
        told = {**policy(found), "files": {name: str(path) for name, path in paths.items()}}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(folded([summary.headline(found)]))
    print("\n".join(["", *summary.arm_lines(found), "", "On rows kept aside, a customer, beyond contacting nobody:"]))
    print("\n".join(summary.policy_lines(found)))
    for note in summary.notes(found):
        print(folded([f"Note: {note}"]))
    print(f"\nFor each customer: {paths['uplift.parquet']}  Policies: {paths['policy.json']}")
    if "uplift_scored.parquet" in paths:
        print(f"For those to score: {paths['uplift_scored.parquet']}")
