"""From what a door was told to a request and its columns: the declaration, the options, the guess."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from foretell.customer_log.columns import columns_of, doubted, parse_columns
from foretell.customer_log.preview import Preview, preview
from foretell.customer_log.schema import Columns
from foretell.customer_log.source_files import SourceFile, source_files
from foretell.project.declaration import FILE_NAME, Declaration, read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day, parse_horizon
from foretell.project.progress import Progress
from foretell.workflow.memory import remember, remembered
from foretell.workflow.outputs import write_outputs
from foretell.workflow.request import Request
from foretell.workflow.run import Outcome, run

STATE_FOLDER = ".foretell"
RESULTS_FOLDER = "foretell-results"

Ask = Callable[[str, Sequence[str]], str | None]


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


def request_of_last_run(out: Path | None, **options: object) -> Request:
    """What the last run was asked: the one whose results are in `out`, or that of the `foretell.toml` here."""
    if out is None and Path(FILE_NAME).is_file():
        declared = request_of_declaration(Path(FILE_NAME), **options)
        return replace(remembered(declared.state, declared.now), out=declared.out, **_given(options))
    return replace(remembered((out or Path(RESULTS_FOLDER)) / STATE_FOLDER, _now()), **_given(options))


def _given(options: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def request_from_files_option(files: Sequence[Path], columns: str | None) -> Request:
    """A request that only looks at files."""
    if not files:
        raise InputError("No file was given.", expected="an order file", hint="foretell init orders.csv")
    chosen = parse_columns(columns) if columns is not None else None
    return request_for_files(files, Path(RESULTS_FOLDER), columns=chosen)


def request_for_files(files: Sequence[str | Path], out: str | Path, **options: object) -> Request:
    """A request about files alone, without a declaration; its state lives in the folder of the results."""
    folder = Path(out)
    name = Path(files[0]).stem if files else ""
    request = Request(tuple(Path(file) for file in files), folder, folder / STATE_FOLDER, _now(), name=name)
    return replace(request, **_given(options))


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
    return replace(request, **_given(options))


def answer(request: Request, progress: Progress, ask: Ask | None = None) -> tuple[Outcome, Mapping[str, Path]]:
    """Run a request and write its files; `ask` puts a question to a person, None where nobody can be asked."""
    outcome = outcome_of(request, progress, ask)
    paths = write_outputs(outcome)
    remember(outcome)
    return outcome, paths


def outcome_of(request: Request, progress: Progress, ask: Ask | None = None) -> Outcome:
    """Run a request; what an earlier run of the same has finished is read, not made again."""
    files = source_files([str(path) for path in request.files])
    columns, settled = settled_columns(files, request, ask)
    return run(settled, files, columns, progress)


def settled_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request]:
    """The columns, as told or as guessed, and the request with the date order and decimal sign that were asked for.

    InputError with the exact line to add where the data cannot tell and nobody answers.
    """
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
            request = replace(request, **_given({doubt.role: given}))
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
