"""The files of a published run: written together, and finished by the next command where that was interrupted."""

from __future__ import annotations

import json
import os
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

FOLDERS = "folders of results"
"""The setting of the catalogue that names the folders into which files of runs were written."""
EXPORTS = (
    "scores.parquet", "scores.csv", "backtest.json", "memberships.parquet", "migration.parquet",
    "segment_forecast.parquet", "segments.json", "rejected.parquet", "report.html",
)  # fmt: skip


def export(run: PublishedRun) -> dict[str, Path]:
    """Write every file of a run into the folder of its results; gives name to path."""
    scores, segments = every_score(run), run.main.segmentation
    paths = all_written(
        run.request.place.out,
        {
            "scores.parquet": _table_writer(_with_policy(scores, run)),
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
    remember_folder(run.catalogue, run.request.place.out)
    return paths


def remember_folder(catalogue: Catalogue, out: Path) -> None:
    """Write down that files of runs are in this folder, as seen from the state: a copy of a project means its own."""
    known, seen = folders_of_results(catalogue), os.path.relpath(out, catalogue.state)
    if seen not in known:
        catalogue.set(FOLDERS, json.dumps([*known, seen]))


def folders_of_results(catalogue: Catalogue) -> list[str]:
    """The folders into which files of runs were written, as seen from the state."""
    return list(json.loads(catalogue.setting(FOLDERS) or "[]"))


def files_of_runs(catalogue: Catalogue, place: Place) -> list[Path]:
    """The files of runs that are there, in every folder that they were written into, with what was left aside."""
    written = [(catalogue.state / one).resolve() for one in folders_of_results(catalogue)]
    patterns = [pattern for name in EXPORTS for pattern in (name, f".{name}.*.part")]
    return [
        path
        for folder in sorted({place.out.resolve(), *written})
        for pattern in patterns
        for path in folder.glob(pattern)
    ]


def export_report(run: PublishedRun) -> Path:
    """Write the report of a run alone."""
    remember_folder(run.catalogue, run.request.place.out)
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
        dict(vars(row))
        for one in run.horizons
        for row in (*one.proof.measured, *(row for proof in one.read(SEGMENT_PROOF).values() for row in proof.measured))
    ]


def _with_policy(scores: pa.Table, run: PublishedRun) -> pa.Table:
    """The scores, whose metadata says what they take as given about contact."""
    under = run.main.models.under
    told = {"foretell_policy": under.policy, "foretell_policy_in_words": under.said}
    return scores.replace_schema_metadata({**(scores.schema.metadata or {}), **told})


def _table_writer(table: pa.Table) -> Callable[[Path], None]:
    return lambda path: pq.write_table(table, path)
