"""The door for Python: `foretell.run`, with results as Arrow tables that pandas and polars take as they are."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, Literal, overload

import pyarrow as pa

from foretell.answers.published import PublishedRun
from foretell.answers.summary import summarised
from foretell.flat.answer import backtest_rows, flat_answer
from foretell.flat.request import flat_request
from foretell.flat.run import FlatOutcome
from foretell.pipeline.exports import every_measure, every_score
from foretell.pipeline.intake.frames import files_of, frame_folder
from foretell.pipeline.intake.requests import request_from
from foretell.pipeline.run import run as run_request
from foretell.project.errors import InputError
from foretell.project.place import STATE_FOLDER
from foretell.project.progress import Progress, Silent

CUSTOMERS_SHOWN = 5
WIDTH = 79


@dataclass(frozen=True, repr=False)
class Result:
    """What a run found. `scores`, `backtest` and `rejected` are Arrow tables: `.to_pandas()`, `polars.from_arrow(...)`
    and `duckdb.from_arrow(...)` take them; `files` maps each written file to its path. Printed, it is a summary."""

    scores: pa.Table
    backtest: pa.Table
    rejected: pa.Table
    files: Mapping[str, Path]
    run: PublishedRun
    _scratch: tempfile.TemporaryDirectory[str] | None = None
    """What holds the results where they are to leave nothing on disk; it goes with this object."""

    @property
    def memberships(self) -> pa.Table:
        """From when to when each customer was in which segment; see docs/reference/definitions.md."""
        return self.run.main.segmentation.memberships.table()

    @property
    def migration(self) -> pa.Table:
        """How many customers went, and are expected to go, from which segment to which."""
        return self.run.main.segmentation.migration

    def __repr__(self) -> str:
        told = summarised(self.run.main)
        said = [*told.warnings, told.headline(), *told.proof_lines(), " ".join(told.remarks)]
        said += [f"Report: {self.files['report.html']}"] if self.files else []
        lines = [line for text in said for line in textwrap.wrap(text, WIDTH, break_on_hyphens=False)]
        return "\n".join(lines).replace("\xa0", " ")

    def _repr_html_(self) -> str:
        """For notebooks: the summary, with the customers who have most at stake as a table."""
        told = summarised(self.run.main)
        rows = [astuple(line) for line in told.customers(CUSTOMERS_SHOWN)]
        table = "".join(_html_row("td", row) for row in rows)
        return "".join(
            [
                *(f"<p><strong>{escape(text)}</strong></p>" for text in (*told.warnings, told.headline())),
                f"<table><caption>{escape(told.stake_line())}</caption>",
                f"<thead>{_html_row('th', HEADINGS)}</thead><tbody>{table}</tbody></table>",
                *(f"<p>{escape(text)}</p>" for text in (*told.proof_lines(), *told.remarks)),
            ]
        )


HEADINGS = ("customer", "segment", "P(order)", "expected", "[80\xa0% interval]", "at stake", "why")


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


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
) -> FlatResult:
    """On a table of one row a customer."""


@overload
def run(
    source: str | Path | Sequence[str | Path] | Any,
    *,
    out: str | Path | None = None,
    horizon: str | None = None,
    as_of: str | date | None = None,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    states: Mapping[str, str] | None = None,
    nobody: Sequence[str] | None = None,
    sheet: str | None = None,
    first_day: str | date | None = None,
    count_visits: bool | None = None,
    value: Literal["net", "gross"] | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    margin: float | None = None,
    discount_rate: float | None = None,
    seed: int | None = None,
    proof: Literal["quick", "full"] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """On orders or order lines."""


def run(  # noqa: PLR0913 - a door: each argument is an option of its user
    source: str | Path | Sequence[str | Path] | Any,
    *,
    out: str | Path | None = None,
    horizon: str | None = None,
    as_of: str | date | None = None,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    states: Mapping[str, str] | None = None,
    nobody: Sequence[str] | None = None,
    sheet: str | None = None,
    first_day: str | date | None = None,
    count_visits: bool | None = None,
    value: Literal["net", "gross"] | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    margin: float | None = None,
    discount_rate: float | None = None,
    seed: int | None = None,
    proof: Literal["quick", "full"] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    label: str | None = None,
    id: str | None = None,
    keep: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
) -> Result | FlatResult:
    """Run Foretell on order files, or on a pandas, polars or Arrow frame of orders or order lines.

    The same as `foretell run SOURCE`, with `columns` from role to column (a list of columns for the customer: the first
    that is filled counts), `states` from a state to sale, none or refund, and `nobody` for ids that name no one;
    `sheet` is the one to read of a workbook, `first_day` the day 1 of counted days. Nothing is asked: what the data
    cannot tell raises `foretell.InputError` with the line that settles it. Without `out` nothing is kept on disk.

    With `label` the source is a table of one row a customer, `label` its column of known outcomes, `id` the column
    that names the customer; `keep` and `drop` are columns to learn from, or not, whatever the audit finds.
    """
    if value not in (None, "net", "gross"):
        raise InputError("The value of spend is not known.", found=repr(value), expected='"net" or "gross"')
    options = {
        "seed": seed,
        "horizon": horizon,
        "as_of": as_of.isoformat()[:10] if isinstance(as_of, date) else as_of,
        "value": value,
        "proof": proof,
        "timezone": timezone,
        "currency": currency,
        "margin": margin,
        "discount_rate": discount_rate,
    }
    reading = {
        "columns": dict(columns) if columns else None,
        "states": states,
        "nobody": None if nobody is None else tuple(nobody),
        "sheet": sheet,
        "first_day": first_day.isoformat()[:10] if isinstance(first_day, date) else first_day,
        "count_visits": count_visits,
    }
    holder = tempfile.TemporaryDirectory(prefix="foretell-")
    with ExitStack() as until_done:
        scratch = Path(holder.name)
        folder = Path(out) if out is not None else scratch / "results"
        frames = until_done.enter_context(frame_folder(scratch if label is not None else folder / STATE_FOLDER))
        files = files_of(source, frames)
        if label is not None:
            own = {"customer": id, "keep": keep, "drop": drop}
            asked = flat_request(files, folder, label, **own, **options, **reading)
            flat, paths = flat_answer(asked, progress or Silent())
            backtest = pa.Table.from_pylist(backtest_rows(flat))
            return FlatResult(flat.scores, backtest, flat.rejected, paths if out is not None else {}, flat)
        request = request_from(files, folder, **options, **reading, workers=workers)
        done = run_request(request, progress or Silent())
        return Result(
            every_score(done.run),
            pa.Table.from_pylist(every_measure(done.run)),
            done.run.main.intake.rejected,
            done.files if out is not None else {},
            done.run,
            holder if out is None else None,
        )
