"""The files of a run: written aside and renamed, so that nothing is ever half-written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from foretell.forecasts.orders.proof import measured_rows
from foretell.pipeline.run import Outcome
from foretell.project.errors import InputError
from foretell.report.page import report_html
from foretell.scores.table import as_csv_table
from foretell.segments.movement.summary import as_json

Writer = Callable[[Path], None]


def write_outputs(outcome: Outcome) -> dict[str, Path]:
    """Write scores, backtest, rejected rows and report into the run's folder; gives name to path."""
    return all_written(
        outcome.request.out,
        {
            **_score_files(every_score(outcome)),
            "backtest.json": lambda path: _write_text(path, json.dumps(every_measure(outcome), indent=1)),
            "memberships.parquet": outcome.segmentation.memberships.write,
            "migration.parquet": lambda path: pq.write_table(outcome.segmentation.migration, path, store_schema=False),
            "segment_forecast.parquet": outcome.segmentation.forecast.write,
            "segments.json": lambda path: _write_text(path, as_json(outcome.segmentation.summaries)),
            "rejected.parquet": lambda path: pq.write_table(outcome.rejected, path),
            "report.html": lambda path: _write_text(path, report_html(outcome)),
        },
    )


def every_score(outcome: Outcome) -> pa.Table:
    """The scores over all horizons of the run, shortest first."""
    return pa.concat_tables([one.scores for one in outcome.horizons])


def every_measure(outcome: Outcome) -> list[dict[str, object]]:
    """The rows of backtest.json over all horizons."""
    return [
        row
        for one in outcome.horizons
        for row in (*measured_rows(one.proof), *(asdict(moved) for moved in one.segmentation.measured))
    ]


def write_report(outcome: Outcome) -> dict[str, Path]:
    """Write the report alone."""
    return all_written(outcome.request.out, {"report.html": lambda path: _write_text(path, report_html(outcome))})


def write_scores(scores: pa.Table, out: Path) -> dict[str, Path]:
    """Write the scores alone."""
    return all_written(out, _score_files(scores))


def _score_files(scores: pa.Table) -> dict[str, Writer]:
    return {
        "scores.parquet": lambda path: pq.write_table(scores, path),
        "scores.csv": lambda path: pa_csv.write_csv(as_csv_table(scores), path),
    }


def all_written(out: Path, writers: Mapping[str, Writer]) -> dict[str, Path]:
    """Write each file aside, then rename them all; InputError where the folder cannot be written."""
    asides = {out / name: out / f".{name}.part" for name in writers}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for aside, write in zip(asides.values(), writers.values(), strict=True):
            write(aside)
        for path, aside in asides.items():
            os.replace(aside, path)
    except OSError as error:
        raise InputError(
            "The results cannot be written.",
            file=str(out),
            found=str(error),
            hint="is the disk full, or the folder read-only?",
        ) from error
    finally:
        for aside in asides.values():
            aside.unlink(missing_ok=True)
    return {path.name: path for path in asides}


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
