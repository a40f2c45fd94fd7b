"""A request: everything that one run is asked, in the parts that steps take by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from foretell.project.declaration import FILE_NAME, ObjectivePart, SegmentPart
from foretell.project.place import Place

DateOrder = Literal["dmy", "mdy", "ymd"]
DecimalSign = Literal[".", ","]
Value = Literal["net", "gross"]
ProofAsked = Literal["quick", "full"]


@dataclass(frozen=True)
class Source:
    """The files of one table. `columns` maps roles to columns where the user said so; None stands for "decide from the
    data". `sheet` is the one to read of a workbook, `first_day` the day (ISO) that a count of days has as its day 1;
    with `count_visits` each row counts as 1 in place of money."""

    files: tuple[Path, ...]
    table: str = "orders"
    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    decimal: DecimalSign | None = None
    sheet: str = ""
    first_day: str = ""
    count_visits: bool = False


@dataclass(frozen=True)
class Settings:
    """The calendar, the money and the seed of a project. `margin` is the share of spend that is margin,
    `discount_rate` that of a year, for lifetime value."""

    name: str = ""
    timezone: str = "UTC"
    currency: str = ""
    value: Value = "net"
    margin: float = 1.0
    discount_rate: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class Asked:
    """What is asked: as of which day (ISO), over which horizons (days, the main one first; empty: what suits the data),
    what was declared of questions and segments, and how much is proved."""

    as_of: str | None = None
    horizons: tuple[int, ...] = ()
    objectives: tuple[ObjectivePart, ...] = ()
    segments: tuple[SegmentPart, ...] = ()
    segment_set: str = "rfm"
    proof: ProofAsked = "quick"


@dataclass(frozen=True)
class Request:
    """One run. `now` is the clock in microseconds UTC; `identity` names the source whose log the place holds."""

    sources: tuple[Source, ...]
    settings: Settings
    asked: Asked
    place: Place
    now: int
    workers: int = 2
    buckets: int | None = None
    assume_yes: bool = False
    identity: str = ""

    @property
    def orders(self) -> Source:
        """The source of orders."""
        return next(source for source in self.sources if source.table == "orders")

    @property
    def is_declared(self) -> bool:
        """Whether a `foretell.toml` makes the request."""
        return self.identity.startswith(FILE_NAME)

    def as_plain(self) -> dict[str, Any]:
        """What decides the results, and where they lie, as numbers and texts."""
        return {
            "sources": [
                {**asdict(source), "files": [str(path.resolve()) for path in source.files]} for source in self.sources
            ],
            "settings": asdict(self.settings),
            "asked": {
                "as_of": self.asked.as_of,
                "horizons": list(self.asked.horizons),
                "objectives": [part.model_dump() for part in self.asked.objectives],
                "segments": [part.model_dump() for part in self.asked.segments],
                "segment_set": self.asked.segment_set,
                "proof": self.asked.proof,
            },
            "identity": self.identity,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any], place: Place, now: int) -> Request:
        """What `as_plain` gave, at a place and a moment."""
        asked = plain["asked"]
        return cls(
            tuple(Source(**{**one, "files": tuple(map(Path, one["files"]))}) for one in plain["sources"]),
            Settings(**plain["settings"]),
            Asked(
                asked["as_of"],
                tuple(asked["horizons"]),
                tuple(ObjectivePart.model_validate(part) for part in asked["objectives"]),
                tuple(SegmentPart.model_validate(part) for part in asked["segments"]),
                asked["segment_set"],
                asked["proof"],
            ),
            place,
            now,
            identity=plain["identity"],
        )
