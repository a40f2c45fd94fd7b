"""The intake: what was read of the source files, what was refused, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from foretell.customer_log.manifest import Load
from foretell.project.request import DateOrder, DecimalSign
from foretell.storage.artefacts import Artefact


@dataclass(frozen=True)
class Intake:
    """`columns` maps roles to the columns that were taken; `rejected` has a row for each row that could not be used;
    `notes` are for people to read. `ids_are_text` says that the format of the files has ids as text. `left_out` are the
    rows that are no sale of a customer (`LEFT_OUT`). `orders`, the `customers` who placed them, `spend` once `refunds`
    are taken off: what the log holds in all."""

    columns: Mapping[str, str]
    loads: tuple[Load, ...]
    notes: tuple[str, ...]
    date_order: DateOrder | None
    decimal: DecimalSign
    rejected: pa.Table
    ids_are_text: bool
    left_out: pa.Table
    orders: int
    customers: int
    spend: float
    refunds: float


INTAKE: Artefact[Intake] = Artefact("intake", Intake)
