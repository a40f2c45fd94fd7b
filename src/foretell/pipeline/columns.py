"""Asking: a request is settled, run, and its files written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from foretell.alerts.sending import send_automatic
from foretell.answers.model import keep_cards
from foretell.answers.other_proofs import ProofTable, further_proofs, keep_further_proofs
from foretell.answers.segment import keep_segment_reasons
from foretell.customer_log.files.source_files import SourceFile, source_files
from foretell.customer_log.recognition.columns import doubted
from foretell.customer_log.recognition.currency_names import currency_in
from foretell.customer_log.recognition.named_columns import columns_of
from foretell.customer_log.recognition.preview import Preview, preview
from foretell.customer_log.schema import Columns
from foretell.pipeline.alert_overview import watch
from foretell.pipeline.exports import every_score, write_outputs
from foretell.pipeline.kept_early_values import keep_early_values
from foretell.pipeline.kept_scores import keep_scores
from foretell.pipeline.kept_trackings import keep_trackings
from foretell.pipeline.memory import remember
from foretell.pipeline.requests import given_only
from foretell.pipeline.run import Outcome
from foretell.project.intervals import parse_day
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.scores.customers import prior_of
from foretell.scores.horizons import run_horizons
from foretell.storage.lock import alone_at_work

Ask = Callable[[str, Sequence[str]], str | None]


def answer(request: Request, progress: Progress, ask: Ask | None = None) -> tuple[Outcome, Mapping[str, Path]]:
    """Run a request and write its files; `ask` puts a question to a person, None where nobody can be asked."""
    with alone_at_work(request.state):
        outcome = outcome_of(request, progress, ask)
        paths = write_outputs(outcome)
        keep_segment_reasons(outcome)
        remember(outcome)
        keep_cards(outcome)
        served = {one.plan.horizon_days: (one.serving, one.customers) for one in outcome.horizons}
        keep_scores(outcome.request, outcome.plan, prior_of(outcome.plan), served, every_score(outcome))
        keep_trackings([one.tracking for one in (outcome, *outcome.beside)], outcome.request.state)
        keep_further_proofs([further_of(one) for one in (outcome, *outcome.beside)], outcome.request.state)
        keep_early_values([one.early_value for one in (outcome, *outcome.beside)], outcome.request.state)
        outcome = replace(outcome, alerts=watch(outcome.request).alerts)
    send_automatic(outcome.request)
    return outcome, paths


@on_one_thread
def outcome_of(request: Request, progress: Progress, ask: Ask | None = None) -> Outcome:
    """Run a request; what an earlier run of the same has finished is read, not made again."""
    files = source_files([str(path) for path in request.files])
    columns, settled = settled_columns(files, request, ask)
    return run_horizons(settled, files, columns, progress)


def settled_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request]:
    """The columns, as told or as guessed, and the request with the date order and decimal sign that were asked for,
    and with the currency that a name tells where none was given.

    InputError with the exact line to add where the data cannot tell and nobody answers.
    """
    columns, settled = _agreed_columns(files, request, ask)
    return columns, settled if settled.currency else replace(settled, currency=currency_in(money_column(columns)))


def money_column(columns: Columns) -> str:
    """The column whose name may tell the currency; empty where a column of currencies tells it."""
    return "" if columns.currency else columns.amount or columns.unit_price or ""


def _agreed_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request]:
    told = dict(request.columns)
    if {"customer", "time"} <= set(told) and {"amount", "unit_price"} & set(told):
        return columns_of(told), request
    while True:
        seen = look(files, replace(request, columns=told))
        if not seen.guess.doubts:
            return columns_of(seen.guess.chosen()), request
        doubt = seen.guess.doubts[0]
        given = ask(doubt.question, doubt.options) if ask else None
        if given is None:
            raise doubted(doubt)
        if doubt.role in ("date_order", "decimal"):
            request = replace(request, **given_only({doubt.role: given}))
        else:
            told[doubt.role] = given


def look(files: Sequence[SourceFile], request: Request) -> Preview:
    """A first look at the files: columns, three rows, the guess and its doubts."""
    return preview(
        files,
        request.columns,
        request.timezone,
        request.now,
        as_of=parse_day(request.as_of, request.timezone) if request.as_of else None,
        date_order=request.date_order,
        decimal=request.decimal,
    )


def further_of(outcome: Outcome) -> list[ProofTable]:
    """The proofs of the next order and of what is bought next."""
    return further_proofs(outcome.next_orders, outcome.next_categories.proof)
