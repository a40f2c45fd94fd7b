"""Making a request: from a command line, a call, or a `foretell.toml`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

from foretell.customer_log.recognition.declared_reading import iso_day
from foretell.customer_log.roles.named_columns import parse_columns
from foretell.customer_log.roles.states import parse_states
from foretell.customer_log.tables.fact_table import ATTRIBUTE
from foretell.customer_log.tables.registry import checked_sources
from foretell.project.declaration import (
    FILE_NAME,
    LARGEST_SEED,
    Declaration,
    read_declaration,
)
from foretell.project.errors import InputError
from foretell.project.intervals import days, parse_day, parse_horizon, parse_horizons
from foretell.project.local_time import refuse_zone
from foretell.project.parts.sources import SourcePart, with_customers
from foretell.project.place import RESULTS_FOLDER, Place, refuse_folder
from foretell.project.request import Asked, ProofAsked, Request, Settings, Source
from foretell.segments.movement.cut_points import checked_sets

FURTHEST_AHEAD = days(3_653)
"""Ten years: who asks about a later day has mistyped it, and every week until then would be counted."""
OF_DATABASES = ("url", "url_from", "rows_from", "query", "key", "incremental")
LARGEST = {"margin": 1, "discount_rate": 10}


def request_from(files: Sequence[Path], out: Path | None, **options: object) -> Request:
    """The request of a command line: about the files where some are named, else about `foretell.toml` here."""
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


def request_to_look_at(files: Sequence[Path], **options: object) -> Request:
    """A request that only looks at files."""
    if not files:
        raise InputError("No file was given.", expected="an order file", hint="foretell init orders.csv")
    return request_for_files(files, Path(RESULTS_FOLDER), **options)


def request_for_files(files: Sequence[str | Path], out: str | Path, **options: object) -> Request:
    """A request about files alone, without a declaration; its state lives in the folder of the results."""
    name = Path(files[0]).stem if files else ""
    request = Request(
        (Source(tuple(Path(file) for file in files)),),
        Settings(name=name),
        Asked(),
        Place.of_results(Path(out)),
        _now(),
    )
    return with_options(request, options)


def request_of_declaration(path: Path, out: Path | None = None, **options: object) -> Request:
    """The request that a `foretell.toml` makes; options given beside it win."""
    declared, folder = read_declaration(path), path.parent
    project, place = declared.project, Place.of_declaration(path, declared.project.out)
    sources = tuple(
        Source(
            tuple(folder / file for file in ([one.path] if isinstance(one.path, str) else one.path) if file),
            one.table,
            not_sensitive(one),
            one.date_order,
            one.decimal,
            one.states,
            None if one.nobody is None else tuple(one.nobody),
            one.order_by,
            one.amount_of,
            on_missing=one.on_missing,
            sheet=one.sheet,
            first_day=str(one.first_day),
            count_visits=one.count_visits,
            also=(one.also,) if isinstance(one.also, str) else tuple(one.also),
            most_merged=one.most_merged,
            entity=one.entity,
            sensitive=one.left_out,
            **{name: getattr(one, name) for name in OF_DATABASES},
        )
        for one in declared.sources
    )
    checked_sources(sources)
    settings = Settings(**_own(Settings, vars(project)))
    asked = Asked(
        None,
        _declared_horizons(declared),
        tuple(declared.objectives),
        tuple(declared.segments),
        declared.scores.segment_set,
        project.proof,
        declared.scores.policy,
    )
    checked_sets(asked, {one.table for one in sources})
    request = Request(
        sources,
        settings,
        asked,
        replace(place, out=out) if out else place,
        _now(),
        identity=f"{FILE_NAME}: {project.name}",
    )
    return with_options(request, options)


def not_sensitive(source: SourcePart) -> dict[str, str]:
    """The columns of a source that may be read; InputError where a name that is marked as sensitive is neither a
    column nor a role, and no column holds attributes by name, or is one of `also`."""
    also = [source.also] if isinstance(source.also, str) else source.also
    if both := [name for name in also if name in source.left_out]:
        raise InputError(
            "A column is marked as sensitive, and is to be read for other ids of the customer.",
            found=f"{', '.join(both)} in sensitive and in also",
            expected="one of the two",
            hint="no feature is made of what also names; what is sensitive is not read at all: take it out of one",
        )
    known = {*source.columns, *source.columns.values()}
    if ATTRIBUTE not in source.columns and (unknown := [name for name in source.sensitive if name not in known]):
        raise InputError(
            "What is marked as sensitive is no column of the source.",
            found=", ".join(unknown),
            expected=f"one of {', '.join(source.columns.values())}",
            hint="columns that foretell.toml does not list are not read at all",
        )
    return {
        role: column
        for role, column in source.columns.items()
        if role not in source.left_out and column not in source.left_out
    }


def with_options(request: Request, options: Mapping[str, object]) -> Request:
    """The request with the options that were given (not None): each by the name of the field that it sets, besides
    `horizon` and `columns` as texts. InputError where one cannot be used."""
    given = dict(_checked({name: value for name, value in options.items() if value is not None}))
    if (horizon := given.pop("horizon", None)) is not None:
        given["horizons"] = tuple(parse_horizons(str(horizon)))
    if isinstance(columns := given.get("columns"), str):
        given["columns"] = parse_columns(columns)
    elif isinstance(columns, Mapping):
        given["columns"] = with_customers(columns)
    if isinstance(states := given.get("states"), str):
        given["states"] = parse_states(states)
    if isinstance(nobody := given.get("nobody"), str):
        given["nobody"] = tuple(one.strip() for one in nobody.split(",") if one.strip())
    settings, asked, source = request.settings, request.asked, request.orders
    settings = replace(settings, **_own(settings, given))
    asked = replace(asked, **_own(asked, given))
    source = replace(source, **_own(source, given))
    sources = tuple(source if one.table == "orders" else one for one in request.sources)
    if asked.as_of is not None and parse_day(asked.as_of, settings.timezone) > request.now + FURTHEST_AHEAD:
        raise InputError(
            "The date is too far ahead.",
            found=asked.as_of,
            expected="a day within ten years of today",
            hint="leave --as-of out for the end of the data",
        )
    if source.first_day or "first_day" in given:
        iso_day(source.first_day, "--first-day")
    refuse_zone(settings.timezone)
    refuse_folder(request.place.out)
    return replace(request, sources=sources, settings=settings, asked=asked, **_own(request, given))


def _own(part: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that set a field of this part."""
    names = {field.name for field in fields(part)}
    return {name: value for name, value in given.items() if name in names}


def _checked(given: Mapping[str, Any]) -> Mapping[str, Any]:
    if given.get("decimal") not in (None, ".", ","):
        raise InputError(
            "The decimal sign is not known.", found=repr(given["decimal"]), expected=". or ,", hint="--decimal ,"
        )
    if given.get("proof") not in (None, *get_args(ProofAsked)):
        raise InputError(
            "How much is to be proved is not known.",
            found=repr(given["proof"]),
            expected=" or ".join(get_args(ProofAsked)),
        )
    seed = given.get("seed")
    if seed is not None and not (isinstance(seed, int) and 0 <= seed <= LARGEST_SEED):
        raise InputError("The seed cannot be used.", found=repr(seed), expected=f"0 to {LARGEST_SEED}", hint="--seed 0")
    for name, most in LARGEST.items():
        value = given.get(name)
        if value is not None and not (isinstance(value, int | float) and 0 <= value <= most):
            raise InputError(
                f"The {name.replace('_', ' ')} is not a share.", found=repr(value), expected=f"0 to {most}"
            )
    return given


def _declared_horizons(declared: Declaration) -> tuple[int, ...]:
    """The horizons of the objectives, that of the first one first."""
    return tuple(dict.fromkeys(parse_horizon(objective.horizon) for objective in declared.objectives))


def _now() -> int:
    return time.time_ns() // 1_000
