"""The files of a published run: written together, and finished by the next command where that was interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from foretell.answers.published import PublishedRun, as_published
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.report.page import report_html
from foretell.scores.table import as_csv_table
from foretell.segments.movement.proof import SEGMENT_PROOF
from foretell.storage.catalogue import Catalogue
from foretell.storage.written_aside import all_written, text_writer


def export(run: PublishedRun) -> dict[str, Path]:
    """Write every file of a run into the folder of its results; gives name to path."""
    scores, segments = every_score(run), run.main.segmentation
    paths = all_written(
        run.request.place.out,
        {
            "scores.parquet": _table_writer(scores),
            "scores.csv": lambda path: pa_csv.write_csv(as_csv_table(scores), path),
            "backtest.json": text_writer(json.dumps(every_measure(run), indent=1)),
            "memberships.parquet": segments.memberships.write,
            "migration.parquet": lambda path: pq.write_table(segments.migration, path, store_schema=False),
            "segment_forecast.parquet": segments.forecast.write,
            "segments.json": text_writer(json.dumps([asdict(one) for one in segments.summaries], indent=1)),
            "rejected.parquet": _table_writer(run.main.intake.rejected),
            "report.html": text_writer(report_html(run)),
        },
    )
    run.catalogue.exported(run.record.run)
    return paths


def export_report(run: PublishedRun) -> Path:
    """Write the report of a run alone."""
    return all_written(run.request.place.out, {"report.html": text_writer(report_html(run))})["report.html"]


def finish_export(place: Place, progress: Progress) -> None:
    """Write the files of the newest run where that was interrupted, so that they are never those of two runs. Where
    they cannot be written that is noted: the run to come writes its own."""
    catalogue = Catalogue(place.state)
    newest = next(iter(catalogue.runs()), None)
    if newest is None or newest.is_exported:
        return
    try:
        export(as_published(catalogue, newest, place))
        progress.note("The files of the last run were not all written: that is done now.")
    except InputError as error:
        progress.note(f"The files of the last run were not all written, and cannot be. {error.what}")


def every_score(run: PublishedRun) -> pa.Table:
    """The scores over all horizons of the run, shortest first."""
    return pa.concat_tables([one.scores for one in run.horizons])


def every_measure(run: PublishedRun) -> list[dict[str, object]]:
    """The rows of backtest.json over all horizons."""
    return [
        asdict(row)
        for one in run.horizons
        for row in (*one.proof.measured, *(row for proof in one.read(SEGMENT_PROOF).values() for row in proof.measured))
    ]


def _table_writer(table: pa.Table) -> Callable[[Path], None]:
    return lambda path: pq.write_table(table, path)
