"""From what a door was told to a request and its columns: the declaration, the options, the guess."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from foretell.customer_log.columns import columns_of, doubted, guess, parse_columns
from foretell.customer_log.formats import open_table
from foretell.customer_log.schema import Columns
from foretell.customer_log.source_files import SourceFile
from foretell.project.declaration import FILE_NAME, Declaration, read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day, parse_horizon
from foretell.project.progress import Progress
from foretell.workflow.outputs import write_outputs
from foretell.workflow.request import Request
from foretell.workflow.run import Outcome, run

STATE_FOLDER = ".foretell"
RESULTS_FOLDER = "foretell-results"
ROWS_OF_A_SAMPLE = 20_000


def request_from(files: Sequence[Path], out: Path | None, **options: object) -> Request:
    """The request of a command line: about the files where some are named, else about `foretell.toml` here."""
    horizon, columns = options.pop("horizon", None), options.pop("columns", None)
    if horizon is not None:
        options["horizon_days"] = parse_horizon(str(horizon))
    if columns is not None:
        options["columns"] = parse_columns(str(columns))
    if files:
        return request_for_files(files, out or Path(RESULTS_FOLDER), **options)
    if not Path(FILE_NAME).is_file():
        raise InputError(
            "There is nothing to run.",
            file=FILE_NAME,
            found="neither a file on the command line nor a foretell.toml here",
            hint="foretell run orders.csv, or foretell init orders.csv first",
        )
    return request_of_declaration(Path(FILE_NAME), out=out, **options)


def request_for_files(files: Sequence[str | Path], out: str | Path, **options: object) -> Request:
    """A request about files alone, without a declaration; its state lives in the folder of the results."""
    folder = Path(out)
    name = Path(files[0]).stem if files else ""
    request = Request(tuple(Path(file) for file in files), folder, folder / STATE_FOLDER, _now(), name=name)
    return replace(request, **{key: value for key, value in options.items() if value is not None})  # type: ignore[arg-type]


def request_of_declaration(path: Path, **options: object) -> Request:
    """The request that a `foretell.toml` makes; options given beside it win."""
    declared = read_declaration(path)
    folder = path.parent
    source = declared.sources[0]
    given = [source.path] if isinstance(source.path, str) else source.path
    project = declared.project
    request = Request(
        tuple(folder / file for file in given),
        folder / project.out,
        folder / STATE_FOLDER,
        _now(),
        columns=source.columns,
        name=project.name,
        horizon_days=_declared_horizon(declared),
        value=project.value,
        timezone=project.timezone,
        currency=project.currency,
        date_order=source.date_order,
        decimal=source.decimal,
        objectives=tuple(declared.objectives),
        seed=project.seed,
        identity=f"{FILE_NAME}: {project.name}",
    )
    return replace(request, **{key: value for key, value in options.items() if value is not None})  # type: ignore[arg-type]


def answer(
    request: Request, progress: Progress, ask: Callable[[str, Sequence[str]], str | None] | None = None
) -> tuple[Outcome, Mapping[str, Path]]:
    """Run a request and write its files; `ask` puts a question to a person, None where nobody can be asked."""
    outcome = run(request, lambda files: columns_for(files, request, ask), progress)
    return outcome, write_outputs(outcome)


def columns_for(
    files: Sequence[SourceFile], request: Request, ask: Callable[[str, Sequence[str]], str | None] | None
) -> Columns:
    """The columns as told; what was not told is guessed, and refused or asked for where the guess is in doubt."""
    chosen = dict(request.columns)
    if {"customer", "time"} <= set(chosen) and {"amount", "unit_price"} & set(chosen):
        return columns_of(chosen)
    sample = _sample(files[0])
    as_of = parse_day(request.as_of, request.timezone) if request.as_of else None
    while True:
        guessed = guess(sample, chosen, request.timezone, request.now, as_of)
        if not guessed.doubts:
            return columns_of(guessed.chosen())
        doubt = guessed.doubts[0]
        told = ask(doubt.question, doubt.options) if ask else None
        if told is None:
            raise doubted(doubt)
        chosen[doubt.option.split()[-1].split("=")[0]] = told


def _sample(file: SourceFile) -> pa.Table:
    table = open_table(file)
    block = next(iter(table.batches(table.column_names)), None)
    if block is None:
        raise InputError("The file has no rows.", file=str(file.path), expected="a header and at least one row")
    return block.rows.slice(0, ROWS_OF_A_SAMPLE)


def _declared_horizon(declared: Declaration) -> int | None:
    horizons = {parse_horizon(objective.horizon) for objective in declared.objectives}
    if len(horizons) > 1:
        raise InputError(
            "The objectives have different horizons.",
            found=", ".join(f"{days}d" for days in sorted(horizons)),
            expected="one horizon for all objectives of a run",
            hint="give each horizon a run of its own with --horizon and --out",
        )
    return next(iter(horizons), None)


def _now() -> int:
    return time.time_ns() // 1_000
