"""The slow, obvious oracle's view of a customer: plain lists in time order, told from order lines alone."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from foretell.customer_log.tables.registry import FACT_TABLES
from made_orders import DAY, Line
from made_told import Told


@dataclass(frozen=True)
class Part:
    """What became known of one order on one local day; `day` is the local day on which it happened."""

    order: int
    happened: int
    known: int
    day: date
    clock: datetime
    amount: int
    buying: bool
    lines: int
    units: int
    country: int | None
    channel: int | None
    discount: int


@dataclass(frozen=True)
class Population:
    """The log's first order, and the 95th percentile and the median gap of everybody; None where nobody came twice."""

    log_start: int
    p95: float | None
    median: float | None
    begun: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Customer:
    """One customer as known just before a cutoff, in time order; `adjustments` are refunds and late lines."""

    cutoff: int
    population: Population
    orders: list[Part]
    adjustments: list[Part]
    lines: list[Line]
    timezone: str
    told: list[Told] = field(default_factory=list)


def local(moment: int, timezone: str) -> datetime:
    """The local clock at a moment."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)).astimezone(ZoneInfo(timezone))


def visible(line: Line) -> int:
    """When both lie behind: the happening and the knowing."""
    return max(line.happened_at, line.known_at)


def shows(line: Line, cutoff: int) -> bool:
    """Whether a line counts at a cutoff: it lies behind, and has not ended before."""
    return visible(line) < cutoff and (line.gone_at is None or line.gone_at >= cutoff)


def order_key(line: Line, timezone: str) -> int:
    """What tells orders apart, and which comes first of two at one moment: number, day, or hash of the id."""
    if line.order_id is None:
        return -1 - (local(line.happened_at, timezone).date() - date(1970, 1, 1)).days
    if line.order_id.isdigit():
        return int(line.order_id)
    return text_key(line.order_id) | (1 << 60)


def text_key(text: str | None) -> int:
    """What tells texts apart: a hash of 64 bits with a sign, 0 for none."""
    return int.from_bytes(hashlib.md5(text.encode()).digest()[:8], "big", signed=True) if text else 0


def code(text: str) -> int:
    """The first 53 bits of the hash."""
    return (text_key(text) % (1 << 64)) >> 11


def parts_of(lines: Sequence[Line], timezone: str) -> list[Part]:
    """The parts of one customer's lines, in time order."""
    groups: dict[tuple[int, date], list[Line]] = {}
    for line in lines:
        groups.setdefault((order_key(line, timezone), local(visible(line), timezone).date()), []).append(line)
    parts = []
    for (key, _), group in groups.items():
        happened = min(line.happened_at for line in group)
        clock = local(happened, timezone)
        amount = sum(line.amount for line in group)
        buying = amount >= 0 or any(line.amount > 0 for line in group)
        units = sum(1000 if line.quantity is None else round(abs(line.quantity) * 1000) for line in group)
        known = max(line.known_at for line in group)
        country = max((code(line.country) for line in group if line.country), default=None)
        channel = max((code(line.channel) for line in group if line.channel), default=None)
        off = sum(line.discount for line in group)
        told = (clock.date(), clock, amount, buying, len(group), units, country, channel, off)
        parts.append(Part(key, happened, known, *told))
    return sorted(parts, key=lambda part: (part.happened, part.order, part.known))


def customers_of(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Each customer's lines."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.customer_id, []).append(line)
    return found


def split(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Orders and adjustments: of an order's buying parts the first to become known is the order."""
    first: dict[int, Part] = {}
    for part in sorted(parts, key=lambda part: max(part.happened, part.known)):
        if part.buying:
            first.setdefault(part.order, part)
    orders = [part for part in parts if first.get(part.order) is part]
    return orders, [part for part in parts if first.get(part.order) is not part]


def in_time_order(told: Sequence[Told]) -> list[Told]:
    """Facts by time; of one moment by when they became known, then by what they tell in the order of the table."""

    def place(one: Told) -> tuple[int | float, ...]:
        values = (one[name] for name in FACT_TABLES[one.table].kept)
        tells = (-math.inf if v is None else code(v) if isinstance(v, str) else v for v in values)
        return (one.happened_at, one.known_at, *tells)

    return sorted(told, key=lambda one: (one.table, *place(one)))


def begun(lines: Sequence[Line], told: Sequence[Told]) -> dict[str, int]:
    """When the facts of each table begin, those of nobody in the log left out."""
    known = {line.customer_id for line in lines}
    own = [one for one in told if one.customer_id in known]
    return {one.table: min(other.happened_at for other in own if other.table == one.table) for one in own}


def seen(
    lines: Sequence[Line], timezone: str, cutoff: int, population: Population, told: Sequence[Told] = ()
) -> dict[str, Customer]:
    """Every customer with an order that was known before the cutoff."""
    known = in_time_order([one for one in told if max(one.happened_at, one.known_at) < cutoff])
    found = {}
    for customer_id, own in customers_of([line for line in lines if shows(line, cutoff)]).items():
        orders, adjustments = split(parts_of(own, timezone))
        if orders:
            in_order = sorted(own, key=lambda line: line.happened_at)
            own_told = [one for one in known if one.customer_id == customer_id]
            found[customer_id] = Customer(cutoff, population, orders, adjustments, in_order, timezone, own_told)
    return found


def population_of(lines: Sequence[Line], timezone: str, cutoff: int) -> Population:
    """What is known of everybody: the begin of lines that never end, and gaps between purchase days of lines that had
    not ended when the 28 days of the cutoff began, closed (by their later order becoming visible) in whole seven-day
    stretches since 1970-01-01 that ended by the cutoff."""
    starts, gaps = [], []

    def day_of(moment: int) -> int:
        return (local(moment, timezone).date() - date(1970, 1, 1)).days

    today = day_of(cutoff)
    for own in customers_of([line for line in lines if line.gone_at is None]).values():
        orders, _ = split(parts_of(own, timezone))
        starts += [order.happened for order in orders]
    stood = [line for line in lines if line.gone_at is None or day_of(line.gone_at) // 28 >= today // 28]
    for own in customers_of(stood).values():
        orders, _ = split(parts_of(own, timezone))
        for before, after in itertools.pairwise(orders):
            gap = (after.day - before.day).days
            closed = (local(max(after.happened, after.known), timezone).date() - date(1970, 1, 1)).days
            if gap > 0 and (closed // 7 + 1) * 7 <= today:
                gaps.append(gap)
    return Population(min(starts, default=2**63 - 1), share_reached(gaps, 0.95), share_reached(gaps, 0.5))


def share_reached(values: list[int], share: float) -> float | None:
    """The smallest value that at least this share of the values does not exceed."""
    for value in sorted(values):
        if sum(other <= value for other in values) >= share * len(values):
            return float(value)
    return None


def within(customer: Customer, facts: list[Part], since: float, until: float = 0) -> list[Part]:
    """The facts in `[cutoff - since, cutoff - until)`, in days of 24 hours."""
    start, end = customer.cutoff - since * DAY, customer.cutoff - until * DAY
    return [fact for fact in facts if start <= fact.happened < end]


def purchase_days(orders: Sequence[Part]) -> list[date]:
    """Calendar days with an order."""
    return sorted({order.day for order in orders})


def gaps(orders: Sequence[Part]) -> list[int]:
    """Days between purchase days, in time order."""
    days = purchase_days(orders)
    return [(after - before).days for before, after in itertools.pairwise(days)]


def lower_quantile(values: Sequence[float], share: float) -> float | None:
    """The value of rank `floor(share x (count - 1))`."""
    return sorted(values)[math.floor(share * (len(values) - 1))] if values else None
