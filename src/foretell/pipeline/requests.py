"""Making a request: from a command line, a `foretell.toml`, or the memory of the last run."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from foretell.customer_log.recognition.named_columns import parse_columns
from foretell.pipeline.memory import remembered
from foretell.project.declaration import FILE_NAME, Declaration, read_declaration
from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon, parse_horizons
from foretell.project.request import Request

STATE_FOLDER = ".foretell"
RESULTS_FOLDER = "foretell-results"
LARGEST = {"margin": 1, "discount_rate": 10}


def request_from(files: Sequence[Path], out: Path | None, **options: object) -> Request:
    """The request of a command line: about the files where some are named, else about `foretell.toml` here."""
    horizon, columns = options.pop("horizon", None), options.pop("columns", None)
    if horizon is not None:
        options["horizon_days"], *more = parse_horizons(str(horizon))
        options["more_horizons"] = tuple(more)
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
        return replace(remembered(declared.state, declared.now), out=declared.out, **given_only(options))
    return replace(remembered((out or Path(RESULTS_FOLDER)) / STATE_FOLDER, _now()), **given_only(options))


def given_only(options: Mapping[str, object]) -> dict[str, Any]:
    """The options that are not None; InputError where the decimal sign is none, or margin or discount rate no share."""
    if options.get("decimal") not in (None, ".", ","):
        raise InputError(
            "The decimal sign is not known.", found=repr(options["decimal"]), expected=". or ,", hint="--decimal ,"
        )
    for name, most in LARGEST.items():
        given = options.get(name)
        if given is not None and not (isinstance(given, int | float) and 0 <= given <= most):
            raise InputError(
                f"The {name.replace('_', ' ')} is not a share.", found=repr(given), expected=f"0 to {most}"
            )
    return {name: value for name, value in options.items() if value is not None}


def request_from_files_option(files: Sequence[Path], columns: str | None, **options: object) -> Request:
    """A request that only looks at files."""
    if not files:
        raise InputError("No file was given.", expected="an order file", hint="foretell init orders.csv")
    chosen = parse_columns(columns) if columns is not None else None
    return request_for_files(files, Path(RESULTS_FOLDER), columns=chosen, **options)


def request_for_files(files: Sequence[str | Path], out: str | Path, **options: object) -> Request:
    """A request about files alone, without a declaration; its state lives in the folder of the results."""
    folder = Path(out)
    name = Path(files[0]).stem if files else ""
    request = Request(tuple(Path(file) for file in files), folder, folder / STATE_FOLDER, _now(), name=name)
    return replace(request, **given_only(options))


def request_of_declaration(path: Path, **options: object) -> Request:
    """The request that a `foretell.toml` makes; options given beside it win."""
    declared = read_declaration(path)
    folder = path.parent
    source = declared.sources[0]
    given = [source.path] if isinstance(source.path, str) else source.path
    project, horizons = declared.project, _declared_horizons(declared)
    request = Request(
        tuple(folder / file for file in given),
        folder / project.out,
        folder / STATE_FOLDER,
        _now(),
        columns=source.columns,
        name=project.name,
        horizon_days=next(iter(horizons), None),
        more_horizons=horizons[1:],
        value=project.value,
        timezone=project.timezone,
        currency=project.currency,
        margin=project.margin,
        discount_rate=project.discount_rate,
        date_order=source.date_order,
        decimal=source.decimal,
        objectives=tuple(declared.objectives),
        segments=tuple(declared.segments),
        segment_set=declared.scores.segment_set,
        seed=project.seed,
        identity=f"{FILE_NAME}: {project.name}",
    )
    return replace(request, **given_only(options))


def _declared_horizons(declared: Declaration) -> tuple[int, ...]:
    """The horizons of the objectives, that of the first one first."""
    return tuple(dict.fromkeys(parse_horizon(objective.horizon) for objective in declared.objectives))


def _now() -> int:
    return time.time_ns() // 1_000
