"""The door for Python: `foretell.run`, with results as Arrow tables that pandas and polars take as they are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, overload

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.project.errors import InputError
from foretell.project.progress import Progress, Silent
from foretell.workflow.ask import answer
from foretell.workflow.asking import request_from
from foretell.workflow.flat.answer import backtest_rows, flat_answer
from foretell.workflow.flat.request import flat_request
from foretell.workflow.flat.run import FlatOutcome
from foretell.workflow.proof import measured_rows
from foretell.workflow.run import Outcome


@dataclass(frozen=True)
class Result:
    """What a run found. `scores`, `backtest` and `rejected` are Arrow tables: `.to_pandas()`, `polars.from_arrow(...)`
    and `duckdb.from_arrow(...)` take them; `files` maps each written file to its path."""

    scores: pa.Table
    backtest: pa.Table
    rejected: pa.Table
    files: Mapping[str, Path]
    outcome: Outcome


@dataclass(frozen=True)
class FlatResult:
    """What a run on a flat table found, in the same form; `outcome` holds the audit and the proof."""

    scores: pa.Table
    backtest: pa.Table
    rejected: pa.Table
    files: Mapping[str, Path]
    outcome: FlatOutcome


@overload
def run(
    source: str | Path | Sequence[str | Path] | Any,
    *,
    label: str,
    id: str | None = None,
    keep: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    out: str | Path | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> FlatResult: ...


@overload
def run(
    source: str | Path | Sequence[str | Path] | Any,
    *,
    out: str | Path | None = None,
    horizon: str | None = None,
    as_of: str | date | None = None,
    columns: Mapping[str, str] | None = None,
    value: Literal["net", "gross"] | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Result: ...


def run(
    source: str | Path | Sequence[str | Path] | Any,
    *,
    out: str | Path | None = None,
    horizon: str | None = None,
    as_of: str | date | None = None,
    columns: Mapping[str, str] | None = None,
    value: Literal["net", "gross"] | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    label: str | None = None,
    id: str | None = None,
    keep: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
) -> Result | FlatResult:
    """Run Foretell on order files, or on a pandas, polars or Arrow frame of orders or order lines.

    The same as `foretell run SOURCE`, with `columns` from role to column. Nothing is asked: what the data cannot tell
    raises `foretell.InputError` with the line that settles it. Without `out` nothing is kept on disk.

    With `label` the source is a table of one row a customer, `label` its column of known outcomes, `id` the column
    that names the customer; `keep` and `drop` are columns to learn from, or not, whatever the audit finds.
    """
    if value not in (None, "net", "gross"):
        raise InputError("The value of spend is not known.", found=repr(value), expected='"net" or "gross"')
    with tempfile.TemporaryDirectory(prefix="foretell-") as scratch:
        files = _as_files(source, Path(scratch))
        folder = Path(out) if out is not None else Path(scratch) / "results"
        if label is not None:
            asked = flat_request(
                files,
                folder,
                label,
                customer=id,
                keep=keep,
                drop=drop,
                seed=seed,
                horizon=horizon,
                as_of=as_of,
                columns=columns,
                value=value,
                timezone=timezone,
                currency=currency,
            )
            flat, paths = flat_answer(asked, progress or Silent())
            backtest = pa.Table.from_pylist(backtest_rows(flat))
            return FlatResult(flat.scores, backtest, flat.rejected, paths if out is not None else {}, flat)
        request = request_from(
            files,
            folder,
            horizon=horizon,
            as_of=as_of.isoformat()[:10] if isinstance(as_of, date) else as_of,
            value=value,
            timezone=timezone,
            currency=currency,
            seed=seed,
            workers=workers,
            columns=",".join(f"{role}={name}" for role, name in columns.items()) if columns else None,
        )
        outcome, written = answer(request, progress or Silent())
        kept = written if out is not None else {}
        return Result(
            outcome.scores, pa.Table.from_pylist(measured_rows(outcome.proof)), outcome.rejected, kept, outcome
        )


def _as_files(source: Any, scratch: Path) -> list[Path]:
    if isinstance(source, str | Path):
        return [Path(source)]
    if isinstance(source, Sequence):
        return [Path(path) for path in source]
    try:
        table = nw.from_native(source, eager_only=True).to_arrow()
    except TypeError:
        raise InputError(
            "The source cannot be read.",
            found=type(source).__name__,
            expected="a file, a list of files, or a pandas, polars or Arrow table",
            hint="collect a lazy frame first",
        ) from None
    path = scratch / "frame.parquet"
    pq.write_table(table, path)
    return [path]
