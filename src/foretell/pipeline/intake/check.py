"""What a run would read of its files, without one: nothing is trained, and nothing is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from foretell.answers.intake import assumed, intake_as_json, left_out_lines
from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.intake import Intake
from foretell.customer_log.tables.registry import HELPING, ORDERS
from foretell.pipeline.intake.columns import Ask, settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.words.wording import amount, count, counted, sentence


def checked_intake(request: Request, ask: Ask | None, progress: Progress) -> tuple[Intake, str]:
    """The intake of a request, and its currency; InputError where the data cannot tell and nobody answers."""
    files = source_of(request)
    columns, settled = settled_columns(files, request, ask)
    with tempfile.TemporaryDirectory() as aside:
        read = tuple(one for one in settled.sources if one.table == ORDERS or one.table in HELPING)
        place = Place.of_results(Path(aside))
        BlockList(settled.place.state).lend(place.state)
        request = replace(settled, sources=read, place=place, identity="")
        return brought_up_to_date(request, files, columns, progress).intake, settled.settings.currency


def intake_lines(intake: Intake, currency: str) -> Sequence[str]:
    """The intake in sentences: which column was taken for what, what the orders are worth, and what is no sale."""
    read = sum(load.rows_read for load in intake.loads)
    taken = ", ".join(f"{role} = {column}" for role, column in intake.columns.items())
    refunds = f", {amount(intake.refunds, currency)} of refunds taken off" if intake.refunds else ""
    lines = [
        f"{counted(intake.orders, 'order')} of {counted(intake.customers, 'customer')}, "
        f"{amount(intake.spend, currency)}{refunds}; {counted(read, 'row')} read.",
        f"Columns: {taken}.",
        *left_out_lines(intake, currency),
    ]
    for refused in intake_as_json(intake)["rejected"]:  # type: ignore[attr-defined]
        lines.append(f"Refused: {count(refused['rows'])}, {refused['reason']}.")
    return [*lines, *map(sentence, assumed(intake))]
