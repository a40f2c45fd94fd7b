"""A request: everything that one run is asked, settled before the first step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from foretell.customer_log.cells.date_forms import DateOrder
from foretell.customer_log.cells.numbers import DecimalSign
from foretell.project.declaration import ObjectivePart, SegmentPart


@dataclass(frozen=True)
class Request:
    """One run. `columns` maps roles to columns where the user said so; None stands for "decide from the data".

    `margin` is the share of spend that is margin, `discount_rate` that of a year, for lifetime value.
    `now` is the clock in microseconds UTC; `state` is the folder that keeps the log and finished steps.
    """

    files: tuple[Path, ...]
    out: Path
    state: Path
    now: int
    columns: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    as_of: str | None = None
    horizon_days: int | None = None
    more_horizons: tuple[int, ...] = ()
    value: Literal["net", "gross"] = "net"
    timezone: str = "UTC"
    currency: str = ""
    margin: float = 1.0
    discount_rate: float = 0.1
    date_order: DateOrder | None = None
    decimal: DecimalSign | None = None
    objectives: tuple[ObjectivePart, ...] = ()
    segments: tuple[SegmentPart, ...] = ()
    segment_set: str = "rfm"
    seed: int = 0
    workers: int = 2
    buckets: int | None = None
    assume_yes: bool = False
    identity: str = ""
