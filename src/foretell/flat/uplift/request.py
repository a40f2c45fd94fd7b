"""What is asked of the file of an experiment."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foretell.project.declaration import LARGEST_SEED
from foretell.project.errors import InputError
from foretell.project.place import refuse_folder
from foretell.project.request import DateOrder, DecimalSign

RESULTS_FOLDER = "foretell-uplift"


@dataclass(frozen=True)
class UpliftRequest:
    """One experiment. `arm`, `outcome` and `customer` are columns (`customer` None: rows are numbered), `control` the
    arm that got nothing. `value` is what one unit of the outcome is worth, `cost` what an arm costs a customer, by its
    name. `score` are files of people without an arm; `keep` and `drop` columns that stay, or go, whatever is found."""

    files: tuple[Path, ...]
    out: Path
    arm: str
    control: str
    outcome: str
    now: int
    customer: str | None = None
    value: float = 1.0
    cost: Mapping[str, float] | None = None
    score: tuple[Path, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    seed: int = 0
    sheet: str = ""


def uplift_request(
    files: Sequence[str | Path], out: str | Path | None, arm: str, control: str, outcome: str, **options: Any
) -> UpliftRequest:
    """The request of a command line, with the options that were given (not None), each by the name of its field;
    `value` and `cost` as they are typed, `OUTCOME=money` and `ARM=money`. InputError where one makes no sense."""
    given = {name: option for name, option in options.items() if option is not None}
    if not files:
        raise InputError("No file was given.", expected="a table with one row a customer, and the arm of each")
    if given.get("decimal") not in (None, ".", ","):
        raise InputError("The decimal sign is not known.", found=repr(given["decimal"]), expected=". or ,")
    if not 0 <= given.get("seed", 0) <= LARGEST_SEED:
        raise InputError("The seed cannot be used.", found=repr(given["seed"]), expected=f"0 to {LARGEST_SEED}")
    folder = Path(out) if out is not None else Path(RESULTS_FOLDER)
    refuse_folder(folder)
    values = dict(_pair(text, "--value", "OUTCOME=money") for text in given.pop("value", ()))
    for name in values:
        if name != outcome:
            raise InputError(
                "--value names another column than the outcome.", column=name, found=name, expected=outcome
            )
    if values.get(outcome) == 0:
        raise InputError("An outcome that is worth nothing decides nothing.", column=outcome, found="0")
    cost = dict(_pair(text, "--cost", "ARM=money") for text in given.pop("cost", ()))
    if any(amount < 0 for amount in cost.values()):
        raise InputError("A cost is below nothing.", found=str(min(cost.values())), expected="--cost ARM=0.05")
    if any(cost.values()) and not values:
        raise InputError(
            "A cost is money, and it is not said what the outcome is worth in money.",
            column=outcome,
            expected="--value beside --cost",
            hint=f"--value {outcome}=1 if {outcome} is money already",
        )
    given |= {name: tuple(given[name]) for name in ("keep", "drop") if name in given}
    given |= {"score": tuple(Path(path) for path in given.get("score", ()))}
    request = UpliftRequest(tuple(Path(f) for f in files), folder, arm, control, outcome, time.time_ns() // 1_000)
    request = replace(request, value=values.get(outcome, 1.0), cost=cost, **given)
    _refuse_contradictions(request)
    return request


def _pair(text: str, option: str, form: str) -> tuple[str, float]:
    name, _, amount = text.rpartition("=")
    try:
        money = float(amount)
    except ValueError:
        money = math.nan
    if not name or not math.isfinite(money):
        raise InputError(f"{option} cannot be read.", found=text, expected=form, hint=f"{option} name=0.5")
    return name, money


def _refuse_contradictions(request: UpliftRequest) -> None:
    """InputError where one column is asked to be two things."""
    named = {"the arm": request.arm, "the outcome": request.outcome, "the id": request.customer}
    said: dict[str, str] = {}
    for what, column in named.items():
        if column is not None and column in said:
            raise InputError(f"A column is {said[column]} and {what}.", column=column, expected="one of the two")
        if column is not None:
            said[column] = what
    for column in (*request.keep, *request.drop):
        if column in said or (column in request.keep and column in request.drop):
            twice = said.get(column, "dropped")
            raise InputError(f"A column is kept or dropped, and it is {twice}.", column=column, expected="one of them")
