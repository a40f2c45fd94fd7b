"""Timelines: a columnar batch of whole customers, from an engine's sorted rows to facts with derived columns.

Engines hand over rows; everything that gives them a meaning happens here, once, for every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import WINDOWS_DAYS, AsOf, Past, Population
from foretell.timelines.facts import Facts

Value = Literal["net", "gross"]
LOG_UNITS = 1_000_000


@dataclass(frozen=True)
class Timelines:
    """Whole customers in ascending `customer_key`; what the engine delivered and what was derived from it."""

    customer_key: np.ndarray
    customer_id: pa.Array
    orders: Facts
    adjustments: Facts
    lines: Facts
    timezone: str

    def views(self, cutoffs: Sequence[int], population: Callable[[int], Population]) -> list[AsOf]:
        """The as-of view at each cutoff; positions of all cutoffs and standard windows in one pass."""
        moments = sorted({cutoff - days(window) for cutoff in cutoffs for window in (0, *WINDOWS_DAYS)})
        shared = {
            name: dict(zip(moments, facts.positions(np.array(moments)), strict=True))
            for name, facts in (("orders", self.orders), ("adjustments", self.adjustments), ("lines", self.lines))
        }
        return [self._view(cutoff, population(cutoff), shared) for cutoff in cutoffs]

    def _view(self, cutoff: int, population: Population, shared: Mapping[str, Mapping[int, np.ndarray]]) -> AsOf:
        past = {}
        for name in ("orders", "adjustments", "lines"):
            facts: Facts = getattr(self, name)
            late = (facts.happened_at < cutoff) & (facts.columns["known_at"] >= cutoff)
            if late.any():
                known = derived(name, facts.kept(~late), self.timezone)
                past[name] = Past(known, cutoff, {})
            else:
                past[name] = Past(facts, cutoff, shared[name])
        return AsOf(cutoff, population, **past)


def timelines(parts: pa.Table, lines: pa.Table, timezone: str, value: Value) -> Timelines:
    """A batch from order parts and order lines, both sorted by customer key, time, order key.

    Of an order's parts (a part is what became known of it on one day) the first to become known is the
    order; later ones, and parts that only take money back, are adjustments.
    """
    column = {name: parts[name].to_numpy() for name in parts.column_names if name != "customer_id"}
    key, first_row = np.unique(column["customer_key"], return_index=True)
    if value == "gross":
        column["amount"] = np.maximum(column["amount"], 0)
    is_order = _is_order(column)
    order_columns = {name: column[name] for name in ("happened_at", "known_at", "amount", "lines", "units")}
    lines_column = {name: lines[name].to_numpy() for name in lines.column_names}
    if value == "gross":
        lines_column["amount"] = np.maximum(lines_column["amount"], 0)
    line_key = lines_column.pop("customer_key")
    return Timelines(
        key,
        parts["customer_id"].combine_chunks().take(pa.array(first_row)),
        derived("orders", _facts(key, column["customer_key"], order_columns, is_order), timezone),
        derived("adjustments", _facts(key, column["customer_key"], order_columns, ~is_order), timezone),
        derived("lines", _facts(key, line_key, lines_column, np.ones(len(line_key), dtype=bool)), timezone),
        timezone,
    )


def derived(kind: str, facts: Facts, timezone: str) -> Facts:
    """The facts with the columns that follow from them; a row's values depend on rows before it only,
    except `next_*`, which the view compares with its cutoff."""
    if kind == "orders":
        facts.columns |= _rhythm(facts, timezone)
    if kind == "adjustments":
        facts.columns["refunded"] = np.maximum(-facts.columns["amount"], 0)
        facts.columns["is_refund"] = (facts.columns["amount"] < 0).astype(np.int64)
    if kind == "lines":
        for name in ("product", "category"):
            times, following = facts.occurrence(name)
            facts.columns[f"new_{name}"] = (times == 1).astype(np.int64)
            facts.columns[f"has_{name}"] = (times > 0).astype(np.int64)
            facts.columns[f"square_{name}"] = np.where(times > 0, 2 * times - 1, 0)
            facts.columns[f"next_{name}"] = following
    return facts


def _rhythm(facts: Facts, timezone: str) -> dict[str, np.ndarray]:
    moment, amount = facts.happened_at, facts.columns["amount"]
    local = local_microseconds(moment, timezone)
    day = local // MICROSECONDS_PER_DAY
    gap_seconds = np.full(len(facts), -1, dtype=np.int64)
    gap_seconds[1:] = np.diff(moment) // 1_000_000
    gap_seconds[~facts.follows] = -1
    new_day = np.ones(len(facts), dtype=np.int64)
    new_day[1:] = (np.diff(day) != 0) | ~facts.follows[1:]
    gap_days = np.full(len(facts), -1, dtype=np.int64)
    gap_days[1:] = np.where(new_day[1:].astype(bool) & facts.follows[1:], np.diff(day), -1)
    log_amount = np.rint(np.log1p(np.maximum(amount, 0) / UNITS_PER_ONE) * LOG_UNITS).astype(np.int64)
    weekday = (day + 3) % 7 + 1
    hour = local % MICROSECONDS_PER_DAY // 3_600_000_000
    rhythm = {
        "gap_seconds": gap_seconds,
        "gap_days": gap_days,
        "has_gap": (gap_days >= 0).astype(np.int64),
        "gap_sum": np.maximum(gap_days, 0),
        "gap_square": np.maximum(gap_days, 0) ** 2,
        "new_day": new_day,
        "local_day": day,
        "log_amount": log_amount,
        "log_amount_square": log_amount // 1_000 * (log_amount // 1_000),
        "weekday": weekday,
        "weekend": (weekday >= 6).astype(np.int64),
        "hour": hour,
        "evening": (hour >= 17).astype(np.int64),
        "timed": (local % MICROSECONDS_PER_DAY != 0).astype(np.int64),
        "free": (amount == 0).astype(np.int64),
        "amount_first_day": np.where(day == _first(day, facts), amount, 0),
    }
    shaped = Facts(facts.offsets, {"weekday": weekday})
    times, _ = shaped.occurrence("weekday")
    return rhythm | {"square_weekday": 2 * times - 1}


def _first(values: np.ndarray, facts: Facts) -> np.ndarray:
    counts = np.diff(facts.offsets)
    return np.repeat(values[facts.offsets[:-1][counts > 0]], counts[counts > 0])


def local_microseconds(moment: np.ndarray, timezone: str) -> np.ndarray:
    """int64 microseconds of local clock time, for calendar days, weekdays and hours."""
    if timezone == "UTC":
        return moment
    aware = pa.array(moment).cast(pa.timestamp("us", tz=timezone))
    local: np.ndarray = pc.local_timestamp(aware).cast(pa.int64()).to_numpy()
    return local


def _is_order(column: Mapping[str, np.ndarray]) -> np.ndarray:
    buying = column["buying"].astype(bool)
    visible_at = np.maximum(column["happened_at"], column["known_at"])
    order = np.lexsort((visible_at, ~buying, column["order_key"], column["customer_key"]))
    customer, of_order = column["customer_key"][order], column["order_key"][order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (customer[1:] != customer[:-1]) | (of_order[1:] != of_order[:-1])
    is_order = np.zeros(len(order), dtype=bool)
    is_order[order[first]] = True
    return is_order & buying


def _facts(key: np.ndarray, owner: np.ndarray, columns: Mapping[str, np.ndarray], rows: np.ndarray) -> Facts:
    offsets = np.append(np.searchsorted(owner[rows], key, side="left"), rows.sum())
    return Facts(offsets.astype(np.int64), {name: values[rows] for name, values in columns.items()})
