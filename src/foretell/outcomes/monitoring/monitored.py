"""What is watched, and what is broken of it: in figures, and in a sentence each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["contract", "freshness", "volume", "missing", "new", "units", "population"]
AT_ONCE: frozenset[Kind] = frozenset({"contract", "freshness", "units"})
"""Breaks that are seen by themselves, before any series is compared."""
SPOILING: frozenset[Kind] = AT_ONCE | {"volume", "missing"}
"""Breaks of a source after which nothing that is made of it can be judged."""


@dataclass(frozen=True)
class Watched:
    """One watched figure: of which `source` (a table, or `customers`), `what` of it, its `value` and the `rows` behind
    it. `cannot` says why it was not judged today; empty where it was."""

    kind: Kind
    source: str
    what: str
    value: float | None = None
    rows: int = 0
    cannot: str = ""


@dataclass(frozen=True)
class Broken:
    """One break. `key` names it from day to day, `series` are the kept series that show it, `since` is the day (ISO) on
    which it was first seen, `is_new` says that it was not there before. `said` is one plain sentence."""

    key: str
    kind: Kind
    source: str
    said: str
    since: str
    series: tuple[str, ...] = ()
    is_new: bool = False

    @property
    def spoils(self) -> bool:
        """Whether nothing that is made of its source can be judged while it lasts."""
        return self.kind in SPOILING


@dataclass(frozen=True)
class Monitored:
    """How everything that is watched stands as of a day (ISO). Series are compared once a week: those of `week_to` are
    told. `limit` is theirs, in usual deviations of a series; `weeks` what it rests on; both empty where nothing could
    be compared."""

    as_of: str
    watched: tuple[Watched, ...]
    broken: tuple[Broken, ...]
    week_to: str = ""
    limit: float | None = None
    weeks: int = 0

    @property
    def unjudged(self) -> tuple[Watched, ...]:
        """What could not be judged, each with its reason."""
        return tuple(one for one in self.watched if one.cannot)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)
