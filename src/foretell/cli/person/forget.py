"""`foretell forget`: remove a customer for good, and let nobody of that id in again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from foretell.cli.options import Json, Out, Yes

if TYPE_CHECKING:
    from foretell.pipeline.privacy.forgetting import Forgetting

KINDS = {
    "customers": "the list of customers",
    "order_lines": "order lines",
    "ledger": "the list of orders by which later exports are compared",
    "links": "the links between ids",
    "rejected": "what could not be used",
    "left_out": "what is no sale",
}
"""What is said of files of the log whose name nobody outside knows; tables are called by their own."""


def forget(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    out: Out = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Remove a customer from the log, every run, alerts and results for good; later files do not bring them back."""
    from foretell.cli.screen.progress import Listener
    from foretell.pipeline.privacy.forgetting import forget as forgotten
    from foretell.pipeline.privacy.sources import asked_now
    from foretell.project.errors import InputError
    from foretell.project.place import place_of

    place = place_of(out)
    if not yes and (as_json or not typer.confirm(f"Remove customer {customer} and every kept run for good?")):
        raise InputError("Nothing was removed.", expected="a yes, or --yes")
    with Listener(quiet=as_json) as listener:
        found = forgotten(place, customer, asked_now(out), listener)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    for line in told(found):
        typer.echo(line)


def told(found: Forgetting) -> list[str]:
    """What was done, and what only the user can do, in sentences."""
    from foretell.words.wording import counted, joined

    lines = ["That customer had been forgotten already; nothing is left here."] if found.already else []
    if not found.already:
        tables = [f"{counted(rows, 'row')} of {KINDS.get(table, table)}" for table, rows in sorted(found.rows.items())]
        together = f", also known as {joined(list(found.also))}" if found.also else ""
        lines.append(f"Forgotten{together}. Removed from the customer log: {joined(tables) or 'nothing'}.")
        if found.parts:
            stay = f"{counted(len(found.parts), 'part')} of it {'stays' if len(found.parts) == 1 else 'stay'}"
            lines.append(
                f"{stay}, each a customer of its own from now on: {joined(list(found.parts))}. Forget each whom "
                "this is about."
            )
        if found.runs:
            lines.append(
                f"{counted(found.runs, 'run')} and {counted(len(found.files), 'file')} of results were deleted, as "
                "they hold everybody: foretell run makes them again, without this customer."
            )
        if found.alerts or found.emptied or found.unsent:
            lines.append(
                f"{counted(found.alerts, 'alert')} named the customer, {counted(found.emptied, 'message')} that had "
                f"been sent {'was' if found.emptied == 1 else 'were'} emptied here, {counted(found.unsent, 'message')} "
                "not yet sent taken back."
            )
        if found.pushes:
            lines.append(
                f"{counted(found.pushes, 'row')} of the ledger of pushes named the customer; files that pushes wrote "
                "were deleted. What other tools were sent stays there: delete it there yourself."
            )
        lines.append("A keyed hash stays, so that later files do not bring them back.")
    lines += [
        f"Your own file {file} still holds {counted(rows, 'row')} of this customer."
        for file, rows in sorted(found.in_sources.items())
    ]
    lines += [f"Your own source {file} could not be read: look there yourself." for file in found.unread]
    return lines
