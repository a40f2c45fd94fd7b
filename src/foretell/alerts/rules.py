"""Alert rules: those declared, and of whom each warns, told by scores, by their changes and by moves of segment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.alerts.score_changes import ChangeOfScore, parse_change
from foretell.alerts.segment_moves import SegmentMove, parse_move
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError
from foretell.project.parts.alerts import AlertPart, DeliveryPart, deliveries_of, parse_wait
from foretell.project.place import Place
from foretell.segments.conditions import Kind
from foretell.segments.rules import Rule, parse_rule

SEGMENT = "segment"


@dataclass(frozen=True)
class ScoredNow:
    """What is known of all customers at one moment; arrays of equal length.

    `columns` maps names to float64 (NaN is null) or texts; `before` the same of the moment before, on the same rows,
    null where a customer had no scores then, None without a moment before; `chances` are those of each segment to come.
    """

    columns: Mapping[str, np.ndarray]
    before: Mapping[str, np.ndarray] | None = None
    chances: Mapping[str, np.ndarray] | None = None

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return len(next(iter(self.columns.values()), ()))

    @property
    def kinds(self) -> dict[str, Kind]:
        """What each column holds, by its name."""
        return {name: "text" if values.dtype == object else "number" for name, values in self.columns.items()}


@dataclass(frozen=True)
class AlertRule:
    """One declared alert, understood; `when`, `change` and `move` must all hold where they are there."""

    part: AlertPart
    when: Rule | None = None
    change: ChangeOfScore | None = None
    move: SegmentMove | None = None

    @property
    def cooldown_days(self) -> int:
        """Days after a warning of a customer in which they are not warned of again."""
        return parse_wait(self.part.cooldown)

    @property
    def compares(self) -> tuple[str, ...]:
        """The columns of the run before that it reads."""
        changed = (self.change.column,) if self.change else ()
        return changed + ((SEGMENT,) if self.move and self.move.chance is None else ())

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that it reads."""
        of_rule = self.when.names if self.when else ()
        changed = (self.change.column,) if self.change else ()
        return tuple(dict.fromkeys((*of_rule, *changed, *((SEGMENT,) if self.move else ()))))

    def holds(self, scored: ScoredNow) -> np.ndarray:
        """bool [customers]: of whom it warns; nobody where it compares with a run before that is not there."""
        found = np.ones(scored.customers, dtype=bool)
        if self.when:
            found &= self.when.holds(scored.columns)
        if self.change:
            known = scored.before is not None and self.change.column in scored.before
            found &= self.change.holds(scored.columns, scored.before or {}) if known else False
        if self.move:
            before = scored.before.get(SEGMENT) if scored.before else None
            found &= self.move.holds(scored.columns[SEGMENT], before, scored.chances)
        return found


def alert_rule(part: AlertPart, kinds: Mapping[str, Kind]) -> AlertRule:
    """The rule of a declared alert on customers, about columns of these names; InputError where it cannot be read."""
    try:
        numbers = [name for name, kind in kinds.items() if kind == "number"]
        rule = AlertRule(
            part,
            parse_rule(part.when, kinds) if part.when else None,
            parse_change(part.change, numbers) if part.change else None,
            parse_move(part.move) if part.move else None,
        )
    except InputError as error:
        raise replace(error, what=f"{error.what[:-1]} (alert {part.name!r}).", file=FILE_NAME) from None
    if rule.move and SEGMENT not in kinds:
        raise InputError("A move needs segments.", file=FILE_NAME, found=part.move, expected="scores with a segment")
    return rule


def columns_of(table: pa.Table, names: Collection[str] | None = None) -> dict[str, np.ndarray]:
    """The numbers (float64, NaN is null) and texts (object, None is null) of a table; lists and times are left out."""
    found: dict[str, np.ndarray] = {}
    for name in table.column_names if names is None else names:
        column = table[name]
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
            found[name] = column.cast(pa.float64()).to_numpy().astype(np.float64, copy=False)
        elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            found[name] = column.to_numpy(zero_copy_only=False).astype(object)
    return found


def ids_of(scores: pa.Table) -> pa.Array:
    """The customers' ids as text."""
    found: pa.ChunkedArray = scores["customer_id"].cast(pa.string())
    return found.combine_chunks()


def declared(place: Place) -> tuple[Sequence[AlertPart], Sequence[DeliveryPart]]:
    """The alerts and deliveries that the declaration beside the state names; nothing without one."""
    path = place.state.parent / FILE_NAME
    if not path.is_file():
        return (), ()
    found = read_declaration(path)
    for part in found.alerts:
        deliveries_of(part, found.deliveries)
    return found.alerts, found.deliveries
