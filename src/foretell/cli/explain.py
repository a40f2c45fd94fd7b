"""`foretell explain`: one customer, or what sets a segment apart."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def explain(
    customer: Annotated[str | None, typer.Argument(help="The customer's id.")] = None,
    segment: Annotated[
        str | None, typer.Option(help="A segment in place of a customer: what sets it apart from everybody.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Tell what is expected of one customer, how sure that is, and why; or what sets a segment apart."""
    from foretell.cli.screen.customer import show_customer, show_segment
    from foretell.project.errors import InputError

    if segment is not None and customer is None:
        show_segment(segment, out, as_json)
    elif customer is not None and segment is None:
        show_customer(customer, out, as_json)
    else:
        raise InputError(
            "Name a customer or a segment.", expected="foretell explain ID, or foretell explain --segment NAME"
        )
