"""`foretell results`: what campaigns came to, beside those who were kept aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretell.cli.options import Json, Out
from foretell.project.place import place_of

if TYPE_CHECKING:
    from foretell.outcomes.campaign import CampaignResult


def results(
    name: Annotated[
        str | None, typer.Argument(help="A campaign, or a playbook. [default: all]", show_default=False)
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="Write a page for each campaign into its folder too.")] = False,
    table: Annotated[
        bool, typer.Option("--table", help="Write what can be learned from each into its folder: learn.parquet.")
    ] = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say what campaigns brought: orders, spend and profit beside the control, with how sure that is."""
    from foretell.answers.published import published
    from foretell.cli.screen.folded import folded
    from foretell.outcomes.campaign import as_json as told_as_json
    from foretell.outcomes.in_words import lines
    from foretell.pipeline.actions.campaign_table import write_tables
    from foretell.pipeline.actions.results import results as read
    from foretell.pipeline.actions.results import write_pages

    place = place_of(out)
    found = read(place, name)
    pages = write_pages(place, found) if html else {}
    tables = write_tables(place, found) if table else {}
    if as_json:
        told = [told_as_json(one) | _files(one, pages, tables) for one in found]
        print(json.dumps(told, ensure_ascii=False))
        return
    currency = published(place).main.currency
    parts = [
        lines(one, currency) + [f"  {what.capitalize()}: {path}" for what, path in _files(one, pages, tables).items()]
        for one in found
    ]
    print("\n\n".join(folded(part) for part in parts))


def _files(one: CampaignResult, pages: Mapping[str, Path], tables: Mapping[str, Path]) -> dict[str, str]:
    """What was written of a campaign: `page` and `table`."""
    name = one.campaign.name
    return {what: str(found[name]) for what, found in (("page", pages), ("table", tables)) if name in found}
