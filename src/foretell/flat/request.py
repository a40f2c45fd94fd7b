"""What a run on a flat table is asked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foretell.project.errors import InputError
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
    paths = tuple(Path(file) for file in files)
    folder = Path(out) if out is not None else Path(RESULTS_FOLDER)
    request = FlatRequest(paths, folder, label, now=time.time_ns() // 1_000, name=paths[0].stem)
    given |= {name: tuple(given[name]) for name in ("keep", "drop") if name in given}
    return replace(request, **given)
