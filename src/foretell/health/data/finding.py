"""A finding about the data: how grave it is, where it shows, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "warning", "remark"]
ORDER: tuple[Severity, ...] = ("stop", "warning", "remark")
CHECKED_BY = "foretell check data"


@dataclass(frozen=True)
class Sought:
    """A row that shows a finding, to be looked up in the files of a table: of a customer (empty: of anybody), in the
    half-open window from `since` to `until` (microseconds UTC); or the first one that `repeats` another, or is `empty`
    in a column."""

    customer: str = ""
    since: int = 0
    until: int = 0
    repeats: bool = False
    empty: str = ""


@dataclass(frozen=True)
class DataFinding:
    """What a check found in a table. A `stop` is what a run refuses, a `warning` is about whether to believe the
    numbers, a `remark` what to know of the data. `example` is a row or a value that shows it (empty where there is
    none), with file and line once they are looked up; `fix` says in a sentence what to do."""

    check: str
    severity: Severity
    table: str
    seen: str
    fix: str
    example: str = ""
    sought: Sought | None = None


def gravest_first(found: Sequence[DataFinding]) -> tuple[DataFinding, ...]:
    """Stops, then warnings, then remarks; else in the order in which they came."""
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))
