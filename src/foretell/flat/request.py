"""What a run on a flat table is asked."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foretell.project.declaration import LARGEST_SEED
from foretell.project.errors import InputError
from foretell.project.place import refuse_folder
from foretell.project.request import DateOrder, DecimalSign

RESULTS_FOLDER = "foretell-results"
OPTIONS = ("customer", "keep", "drop", "decimal", "date_order", "seed", "sheet")


@dataclass(frozen=True)
class FlatRequest:
    """One run. `label` is the column to predict, `customer` the column that names whose row it is (None: decide from
    the data), `keep` and `drop` columns that stay, or go, whatever the audit finds; `sheet` is
    the one to read of a workbook; `now` is microseconds UTC."""

    files: tuple[Path, ...]
    out: Path
    label: str
    now: int
    customer: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    seed: int = 0
    sheet: str = ""
    name: str = ""


def flat_request(files: Sequence[str | Path], out: str | Path | None, label: str, **options: object) -> FlatRequest:
    """The request of a command line or a call, with the options that were given (not None), each by the name of the
    field that it sets; InputError for those that only a log of orders can answer."""
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if senseless := [name for name in given if name not in OPTIONS]:
        raise InputError(
            "A table with a label has no dates, so this cannot be asked of it.",
            found=", ".join(f"--{name.replace('_', '-')}" for name in senseless),
            expected="--label with --id, --keep, --drop, --decimal, --date-order, --seed, --sheet, --out",
        )
    if not files:
        raise InputError(
            "No file was given.", expected="a table with one row a customer", hint=f"foretell run FILE --label {label}"
        )
    if given.get("decimal") not in (None, ".", ","):
        raise InputError("The decimal sign is not known.", found=repr(given["decimal"]), expected=". or ,")
    _refuse_contradictions(given, label)
    paths = tuple(Path(file) for file in files)
    folder = Path(out) if out is not None else Path(RESULTS_FOLDER)
    refuse_folder(folder)
    request = FlatRequest(paths, folder, label, now=time.time_ns() // 1_000, name=paths[0].stem)
    given |= {name: tuple(given[name]) for name in ("keep", "drop") if name in given}
    return replace(request, **given)


def _refuse_contradictions(given: Mapping[str, Any], label: str) -> None:
    """InputError where one column is asked to be two things, or the seed is none."""
    keep, drop, customer = set(given.get("keep", ())), set(given.get("drop", ())), given.get("customer")
    twice = {
        "both kept and dropped": keep & drop,
        "both the label and the id": {label} & {customer},
        "both the label and kept or dropped": {label} & (keep | drop),
        "both the id and kept": {customer} & keep,
    }
    for what, columns in twice.items():
        if columns:
            raise InputError(
                f"A column is {what}.",
                column=sorted(columns)[0],
                found=", ".join(sorted(columns)),
                expected="one of the two",
            )
    seed = given.get("seed")
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        raise InputError("The seed cannot be used.", found=repr(seed), expected=f"0 to {LARGEST_SEED}", hint="--seed 0")
