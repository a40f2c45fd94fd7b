"""A request: everything that one run is asked, in the parts that steps take by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from foretell.project.declaration import FILE_NAME, ObjectivePart, SegmentPart
from foretell.project.parts.alerts import DeclaredPart
from foretell.project.place import Place

DateOrder = Literal["dmy", "mdy", "ymd"]
DecimalSign = Literal[".", ","]
Value = Literal["net", "gross"]
OrderBy = Literal["number", "number and day"]
AmountOf = Literal["line", "order"]
OnMissing = Literal["keep", "withdraw"]
ProofAsked = Literal["quick", "full"]
Policy = Literal["as usual", "if nobody is contacted"]
IF_NOBODY: Policy = "if nobody is contacted"
PARTS: Mapping[str, type[DeclaredPart]] = {"objectives": ObjectivePart, "segments": SegmentPart}
"""What is asked as it was declared."""


@dataclass(frozen=True)
class Source:
    """The files of one table. `columns` maps roles to columns where the user said so; None stands for "decide from the
    data". `states` says what the states of a sale mean (sale, none or refund) beside those that are known, `nobody`
    which ids stand for nobody, `order_by` how orders are told apart, `amount_of` what an amount is the money of,
    `on_missing` what becomes of an order that a newer export holds no longer; `assumed` says what was told from the
    data, with figures. `sheet` is the one to read of a workbook, `first_day` the day (ISO) that a count of days has as
    its day 1; with `count_visits` each row counts as 1 in place of money. Columns in `also` hold further ids of a
    customer; an id that stands beside more than `most_merged` customers joins none. `entity` is what several
    customers are parts of (account, household), where the source says that. What is `sensitive` is not read: columns
    (they are not in `columns` any more), or attributes that rows name.

    Instead of files, `url` is the address of a database, or `url_from` the environment variable that holds it. Of a
    database `rows_from` is the table (or `query` the query) whose rows are read in the order of `key`; `incremental` is
    the column by which only what is new is read."""

    files: tuple[Path, ...]
    table: str = "orders"
    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    decimal: DecimalSign | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    nobody: tuple[str, ...] | None = None
    order_by: OrderBy | None = None
    amount_of: AmountOf | None = None
    assumed: tuple[str, ...] = ()
    on_missing: OnMissing = "keep"
    sheet: str = ""
    first_day: str = ""
    count_visits: bool = False
    also: tuple[str, ...] = ()
    most_merged: int = 5
    entity: str = ""
    sensitive: tuple[str, ...] = ()
    url: str = ""
    url_from: str = ""
    rows_from: str = ""
    query: str = ""
    key: str = ""
    incremental: str = ""

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Source:
        """What `asdict` gave, with files as texts and tuples as lists."""
        nobody = None if plain["nobody"] is None else tuple(plain["nobody"])
        tuples = {"files": tuple(map(Path, plain["files"])), "nobody": nobody, "assumed": tuple(plain["assumed"])}
        tuples["also"] = tuple(plain["also"])
        tuples["sensitive"] = tuple(plain.get("sensitive", ()))
        return cls(**{**plain, **tuples})


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
    what was declared of questions and segments, how much is proved, and what scores take as given about contact."""

    as_of: str | None = None
    horizons: tuple[int, ...] = ()
    objectives: tuple[ObjectivePart, ...] = ()
    segments: tuple[SegmentPart, ...] = ()
    segment_set: str = "rfm"
    proof: ProofAsked = "quick"
    policy: Policy = "as usual"


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
            "asked": vars(self.asked)
            | {name: [part.model_dump() for part in getattr(self.asked, name)] for name in PARTS}
            | {"horizons": list(self.asked.horizons)},
            "identity": self.identity,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any], place: Place, now: int) -> Request:
        """What `as_plain` gave, at a place and a moment."""
        asked = plain["asked"]
        parts = {name: tuple(kind.model_validate(part) for part in asked[name]) for name, kind in PARTS.items()}
        return cls(
            tuple(Source.of_plain(one) for one in plain["sources"]),
            Settings(**plain["settings"]),
            Asked(**{**asked, **parts, "horizons": tuple(asked["horizons"])}),
            place,
            now,
            identity=plain["identity"],
        )
