"""Answering: a run on a flat table, and its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from foretell.flat.page import flat_report
from foretell.flat.request import FlatRequest
from foretell.flat.run import FlatOutcome, run_flat
from foretell.project.errors import InputError
from foretell.project.place import STATE_FOLDER
from foretell.project.progress import Progress
from foretell.scores.table import as_csv_table
from foretell.storage.catalogue import Catalogue
from foretell.storage.lock import alone_at_work
from foretell.storage.written_aside import all_written


def flat_answer(request: FlatRequest, progress: Progress) -> tuple[FlatOutcome, Mapping[str, Path]]:
    """Run a request and write scores, backtest, rejected rows and report; gives name to path."""
    with alone_at_work(request.out / STATE_FOLDER):
        _refuse_others_results(request.out)
        outcome = run_flat(request, progress)
        return outcome, write_flat(outcome)


def _refuse_others_results(out: Path) -> None:
    if Catalogue(out / STATE_FOLDER).runs():
        raise InputError(
            "The folder holds the results of a run on orders.", file=str(out), hint="give another folder with --out"
        )


def backtest_rows(outcome: FlatOutcome) -> list[dict[str, object]]:
    """The rows of backtest.json; a flat table has no cutoff and no horizon, so both are null."""
    return [asdict(row) | {"horizon_days": None, "cutoff": None} for row in outcome.proof.measured]


def write_flat(outcome: FlatOutcome) -> dict[str, Path]:
    """Write the files of a run."""
    return all_written(
        outcome.request.out,
        {
            "scores.parquet": lambda path: pq.write_table(outcome.scores, path),
            "scores.csv": lambda path: pa_csv.write_csv(as_csv_table(outcome.scores), path),
            "backtest.json": lambda path: _text(path, json.dumps(backtest_rows(outcome), indent=1)),
            "rejected.parquet": lambda path: pq.write_table(outcome.rejected, path),
            "report.html": lambda path: _text(path, flat_report(outcome)),
        },
    )


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
