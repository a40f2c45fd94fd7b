"""`foretell results`: what campaigns came to, beside those who were kept aside."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from foretell.cli.options import Json, Out
from foretell.project.place import place_of


def results(
    name: Annotated[
        str | None, typer.Argument(help="A campaign, or a playbook. [default: all]", show_default=False)
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="Write a page for each campaign into its folder too.")] = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say what campaigns brought: orders, spend and profit beside the control, with how sure that is."""
    from foretell.answers.published import published
    from foretell.cli.screen.folded import folded
    from foretell.outcomes.campaign import as_json as told_as_json
    from foretell.outcomes.in_words import lines
    from foretell.pipeline.actions.results import results as read
    from foretell.pipeline.actions.results import write_pages

    place = place_of(out)
    found = read(place, name)
    pages = write_pages(place, found) if html else {}
    if as_json:
        told = [told_as_json(one) | ({"page": str(pages[one.campaign.name])} if pages else {}) for one in found]
        print(json.dumps(told, ensure_ascii=False))
        return
    currency = published(place).main.currency
    parts = [lines(one, currency) + ([f"  Page: {pages[one.campaign.name]}"] if pages else []) for one in found]
    print("\n\n".join(folded(part) for part in parts))
