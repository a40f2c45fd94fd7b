"""Timelines: a columnar batch of whole customers, from an engine's sorted rows to facts.

Engines hand over rows; everything that gives them a meaning happens here, once, for every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.tables.contacts import CONTACTS
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable
from foretell.project.intervals import days
from foretell.timelines.as_of import WINDOWS_DAYS, AsOf, Past, Population
from foretell.timelines.derived import (
    LOG_UNITS,
    adjustment_columns,
    attributes_among,
    attributes_of_lines,
    attributes_of_orders,
    code_columns,
    contacts_told,
    day_columns,
    line_columns,
    order_columns,
)
from foretell.timelines.facts import Facts

__all__ = ["LOG_UNITS", "Timelines", "Value", "timelines"]

Value = Literal["net", "gross"]


def _no_facts(table: FactTable) -> pa.Table:
    """A table that no source has, as one that is read: with `known_at` in place of `known_after`."""
    return table.stored.empty_table().rename_columns({"known_after": "known_at"})


@dataclass(frozen=True)
class Timelines:
    """Whole customers in ascending `customer_key`; order lines, other tables (those of `table_names`), and the texts
    behind codes are read when they are first asked for. What ended before the batch was read is not in it: where
    something did, `earlier` gives the batch of the same customers as it was at a cutoff (see `at`), `at_each` as it was
    for each at a moment of its own (see `at_own`), and `ends` are the moments (int64) of all ends; `of_ended` gives
    those customers alone whose facts end, at a cutoff or (None) now. `joined` are the keys of those who were customers
    of their own before, and whose facts are another's now: what they did since is told of that one. `own_campaigns`
    are the names of campaigns that our own ledger drew."""

    customer_key: np.ndarray
    customer_id: pa.Array
    orders: Facts
    adjustments: Facts
    read_lines: Callable[[], Facts]
    timezone: str
    read_words: Callable[[], Mapping[int, str]] = dict
    read_table: Callable[[FactTable], pa.Table] = _no_facts
    earlier: Callable[[int], Timelines] | None = None
    at_each: Callable[[np.ndarray], Timelines] | None = None
    of_ended: Callable[[int | None], Timelines] | None = None
    ends: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    table_names: tuple[str, ...] = ()
    joined: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    own_campaigns: tuple[str, ...] = ()

    def at(self, cutoff: int) -> Timelines:
        """The batch with what had not ended before a cutoff; with what happened or became known later as well."""
        return self if self.earlier is None else self._with_tables(self.earlier(cutoff))

    def at_own(self, moments: np.ndarray) -> Timelines:
        """The same with a moment of its own for each customer, int64 [customers]."""
        return self if self.at_each is None else self._with_tables(self.at_each(moments))

    def _with_tables(self, then: Timelines) -> Timelines:
        return replace(then, read_table=self.read_table, table_names=self.table_names, own_campaigns=self.own_campaigns)

    @cached_property
    def lines(self) -> Facts:
        return self.read_lines()

    @cached_property
    def words(self) -> Mapping[int, str]:
        """Code to text."""
        return self.read_words()

    def table(self, name: str) -> Facts:
        """The facts of a declared table; KeyError for another name."""
        if name not in self._tables:
            table = FACT_TABLES[name]
            facts = facts_of_table(table, self.read_table(table), self.customer_key, self.timezone)
            self._tables[name] = contacts_told(facts, self.own_campaigns) if table is CONTACTS else facts
        return self._tables[name]

    def tables(
        self, known: Callable[[Facts], Facts], cutoff: int, moments: Sequence[int] = ()
    ) -> Callable[[str], Past]:
        """The declared tables before a cutoff, by name, as far as they are `known`; the positions of many moments are
        found in one pass."""

        def past(name: str) -> Past:
            facts = self.table(name)
            facts.find(moments)
            return Past(known(facts), cutoff)

        return cache(past)

    @cached_property
    def _tables(self) -> dict[str, Facts]:
        return {}

    def views(self, cutoffs: Sequence[int], population: Callable[[int], Population]) -> list[AsOf]:
        """The as-of view at each cutoff."""
        return list(self.each_view(cutoffs, population))

    def each_view(self, cutoffs: Sequence[int], population: Callable[[int], Population]) -> Iterator[AsOf]:
        """The same, one after the other, so that none is held longer than it is needed; positions of all cutoffs and
        standard windows in one pass."""
        moments = [cutoff - days(window) for cutoff in cutoffs for window in (0, *WINDOWS_DAYS)]
        for cutoff in cutoffs:
            batch = self.at(cutoff)
            batch.orders.find(moments)
            batch.adjustments.find(moments)
            yield batch._view(cutoff, population(cutoff), moments)

    def _view(self, cutoff: int, population: Population, moments: Sequence[int]) -> AsOf:
        def lines() -> Facts:
            self.lines.find(moments)
            return _known_before(self.lines, cutoff)

        return AsOf(
            cutoff,
            population,
            Past(_known_before(self.orders, cutoff), cutoff),
            Past(_known_before(self.adjustments, cutoff), cutoff),
            Past(lines, cutoff),
            self.tables(lambda facts: _known_before(facts, cutoff), cutoff, moments),
        )


def timelines(
    customers: pa.Table,
    parts: pa.Table,
    lines: pa.Table | Callable[[], pa.Table],
    timezone: str,
    value: Value,
    words: Callable[[], Mapping[int, str]] = dict,
) -> Timelines:
    """A batch from order parts and order lines, both sorted by customer key, time, order key, and the ids of their
    customers (and perhaps of others), sorted by customer key.

    Of an order's parts (a part is what became known of it on one day) the first to become known is the
    order; later ones, and parts that only take money back, are adjustments. `lines` may be a function that
    reads them, `words` is one that reads the texts behind codes.
    """
    column = {name: parts[name].to_numpy() for name in parts.column_names}
    first_row = np.flatnonzero(_differs(column["customer_key"]))
    key = column["customer_key"][first_row]
    column["net"] = column["amount"]
    column["refunded"] = np.maximum(-column["amount"], 0)
    if value == "gross":
        column["amount"] = column["sold"]
    is_order = _is_order(column)
    given = {name: column[name] for name in ("happened_at", "known_at", "amount", "refunded", "lines", "units")}
    given |= {name: column[name] for name in attributes_among(parts.column_names)}
    all_parts = Facts(np.append(first_row, len(is_order)), given)

    def line_facts() -> Facts:
        table = lines() if callable(lines) else lines
        of_line = {name: table[name].to_numpy() for name in table.column_names}
        if value == "gross":
            of_line["amount"] = np.maximum(of_line["amount"], 0)
        owner = of_line.pop("customer_key")
        offsets = np.append(np.searchsorted(owner, key, side="left"), len(owner))
        return Facts(offsets, of_line, line_columns() | attributes_of_lines())

    ids = customers["customer_id"].combine_chunks()
    return Timelines(
        key,
        ids.take(pa.array(np.searchsorted(customers["customer_key"].to_numpy(), key))),
        _chosen(all_parts, is_order, order_columns(timezone) | attributes_of_orders()),
        _chosen(all_parts, ~is_order, adjustment_columns()),
        line_facts,
        timezone,
        words,
    )


def facts_of_table(table: FactTable, rows: pa.Table, customer_key: np.ndarray, timezone: str) -> Facts:
    """The rows (by customer and time, with `known_at`) of the customers of a batch, whose keys ascend; those of others
    are left out. What a fact does not tell is 0, and `has_<name>` says so; `new_day` is 1 for the first fact of a
    customer on a local day."""
    owner = rows["customer_key"].to_numpy()
    offsets = np.searchsorted(owner, customer_key, side="left"), np.searchsorted(owner, customer_key, side="right")
    own = np.zeros(len(owner) + 1, dtype=np.int64)
    np.add.at(own, offsets[0], 1)
    np.add.at(own, offsets[1], -1)
    kept = rows.filter(pa.array(np.cumsum(own[:-1]) > 0))
    moments = [name for name in ("happened_at", "known_at", "gone_at") if name in kept.column_names]
    columns = {name: kept[name].to_numpy() for name in moments}
    told = {name: is_code for name, is_code in table.kept.items() if name in kept.column_names}
    for name in told:
        columns[name] = pc.fill_null(kept[name], 0).to_numpy()
        columns[f"has_{name}"] = kept[name].is_valid().to_numpy().astype(np.int64)
    codes = [name for name, is_code in told.items() if is_code]
    derived = {name: column for name, column in code_columns(codes).items() if name not in columns}
    derived |= day_columns(timezone)
    return Facts(np.concatenate([[0], np.cumsum(offsets[1] - offsets[0])]), columns, derived)


def _known_before(facts: Facts, cutoff: int) -> Facts:
    """The facts without those that happened before the cutoff and became known at it or later, or had ended."""
    facts = facts.lasting(cutoff)
    if not facts.any_late:
        return facts
    late = (facts.happened_at < cutoff) & (facts.columns["known_at"] >= cutoff)
    return facts.kept(~late) if late.any() else facts


def _chosen(facts: Facts, rows: np.ndarray, derivations: Mapping[str, Callable[[Facts], np.ndarray]]) -> Facts:
    kept = facts if rows.all() else facts.kept(rows)
    return Facts(kept.offsets, kept.given, derivations)


def _is_order(column: Mapping[str, np.ndarray]) -> np.ndarray:
    """Which parts are orders: of each order's parts that sell something, the first that could be seen."""
    buying = (column["sold"] > 0) | (column["net"] >= 0)
    mixed = column["customer_key"] + column["order_key"].view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    in_order = np.sort(mixed)
    if not (in_order[1:] == in_order[:-1]).any():
        return buying
    visible_at = np.maximum(column["happened_at"], column["known_at"])
    order = np.lexsort((visible_at, ~buying, column["order_key"], column["customer_key"]))
    first = _differs(column["customer_key"][order]) | _differs(column["order_key"][order])
    is_order = np.zeros(len(order), dtype=bool)
    is_order[order[first]] = True
    return is_order & buying


def _differs(values: np.ndarray) -> np.ndarray:
    """True where a value is not that of the row before."""
    flags = np.ones(len(values), dtype=bool)
    flags[1:] = values[1:] != values[:-1]
    return flags
