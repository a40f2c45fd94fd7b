"""Scoring again: everybody at a new date, by the models that the last run left, without training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from foretell.answers.migration import summaries
from foretell.answers.segment import write_segment_reasons
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import ingest
from foretell.customer_log.recognition.named_columns import columns_of
from foretell.examples.plan import Plan, plan_run
from foretell.forecasts.next_categories.columns import coming_categories
from foretell.forecasts.next_order.columns import last_next_order, next_orders_of
from foretell.forecasts.orders.serving import Serving, at_another_season, read_serving
from foretell.forecasts.season.windows import season_of, shift_at
from foretell.pipeline.exports import write_scores
from foretell.pipeline.kept_scores import keep_scores
from foretell.pipeline.log_engine import engine_of, identity_of, last_day
from foretell.pipeline.memory import models_of, trained_as_of
from foretell.project.errors import InputError
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.scores.customers import columns_in, prior_of, scored, scores_of
from foretell.scores.horizons import monotone
from foretell.segments.movement.cut_points import score_sets
from foretell.segments.movement.scored_sets import codes_of
from foretell.segments.movement.segmentation import features_read, movement, shown_columns
from foretell.segments.movement.sets import settled_sets


@on_one_thread
def rescore(request: Request, progress: Progress) -> tuple[pa.Table, Plan, dict[str, Path]]:
    """Bring the log up to date, score at `request.as_of` (default: the end of the data), write the scores."""
    files = source_files([str(path) for path in request.files])
    columns = columns_of(request.columns)
    request = replace(request, identity=request.identity or identity_of(files))
    engine = engine_of(ingest(files, columns, request, progress), request)
    plan = plan_run(engine, request, last_day(engine), progress)
    if plan.as_of_day() < (trained := trained_as_of(request.state)):
        raise InputError(
            "The models that serve know what happened after that day.",
            found=f"as of {plan.as_of_day()}, models taught as of {trained}",
            expected=f"a day from {trained} on",
            hint=f"foretell run --as-of {plan.as_of_day()} trains models for that day",
        )
    sets, cuts = settled_sets(engine, plan, request)
    scored_by = score_sets(request)
    chosen = {one.segment_set: one.served for one in summaries(request) if one.served}
    fitted = last_next_order(request.state)
    tables, everybody, served = [], [], {}
    for days, serving in sorted(_servings(request).items()):
        over = replace(plan, horizon_days=days)
        today = at_another_season(serving, shift_at(season_of(engine, over), over.as_of, over))
        customers = scored(engine, over, today, files, columns, request, progress)
        everybody.append(customers)
        served[days] = (today, customers)
        moved = movement(engine, over, customers, sets, cuts, chosen, features_read(scored_by))
        dated = next_orders_of(engine, over, fitted, customers)
        bought = coming_categories(engine, over, len(customers), request.seed, progress)
        coming = {**columns_in(dated), **columns_in(bought.lists)}
        codes = {
            one.name: codes_of(one, moved.today, customers, {**coming, **moved.readable(request)}, over)
            for one in scored_by
        }
        shown = pa.table(shown_columns(moved, scored_by, codes, request, over))
        tables.append(scores_of(customers, shown, coming, over, serving.model_id))
    scores = pa.concat_tables(monotone(tables))
    paths = write_scores(scores, request.out)
    keep_scores(request, plan, prior_of(plan), served, scores)
    write_segment_reasons(list(zip(everybody, tables, strict=True)), request.state, request.currency)
    return scores, plan, paths


def _servings(request: Request) -> dict[int, Serving]:
    """The models of the last run, by the days of their horizon."""
    wanted = models_of(request.state)
    kept = [read_serving(folder) for folder in request.state.glob("steps/serving-*")]
    found = {days: one for days, model_id in wanted.items() for one in kept if one.model_id == model_id}
    if set(found) != set(wanted):
        raise InputError(
            "There are no trained models here.", file=str(request.state), hint="foretell run first: it trains them"
        )
    return found
