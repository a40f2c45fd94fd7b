"""What a run on a flat table is asked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foretell.project.errors import InputError
from foretell.project.request import DateOrder, DecimalSign

RESULTS_FOLDER = "foretell-results"


@dataclass(frozen=True)
class FlatRequest:
    """One run. `label` is the column to predict, `customer` the column that names whose row it is (None: decide from
    the data), `keep` and `drop` columns that stay, or go, whatever the audit finds; `now` is microseconds UTC."""

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
    name: str = ""


def flat_request(
    files: Sequence[str | Path],
    out: str | Path | None,
    label: str,
    *,
    customer: str | None = None,
    keep: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    decimal: str | None = None,
    date_order: DateOrder | None = None,
    seed: int | None = None,
    **others: object,
) -> FlatRequest:
    """The request of a command line or a call; InputError for options that only a log of orders can answer."""
    if senseless := [name for name, value in others.items() if value is not None]:
        raise InputError(
            "A table with a label has no dates, so this cannot be asked of it.",
            found=", ".join(f"--{name.replace('_', '-')}" for name in senseless),
            expected="--label with --id, --keep, --drop, --decimal, --date-order, --seed, --out",
        )
    if not files:
        raise InputError(
            "No file was given.", expected="a table with one row a customer", hint=f"foretell run FILE --label {label}"
        )
    if decimal not in (None, ".", ","):
        raise InputError("The decimal sign is not known.", found=repr(decimal), expected=". or ,")
    return FlatRequest(
        tuple(Path(file) for file in files),
        Path(out) if out is not None else Path(RESULTS_FOLDER),
        label,
        time.time_ns() // 1_000,
        customer,
        tuple(keep or ()),
        tuple(drop or ()),
        decimal,  # type: ignore[arg-type]
        date_order,
        seed or 0,
        Path(files[0]).stem,
    )
