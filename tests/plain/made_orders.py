"""Hypothesis-made order lines, and the way they take from there to a batch: keyed, folded, sorted, derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import strategies as st

from foretell.customer_log.folding import folded
from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.line_order import in_line_order
from foretell.customer_log.schema import GONE_AT, ORDER_ATTRIBUTES, ORDER_LINES
from foretell.project.intervals import MICROSECONDS_PER_DAY, parse_day
from foretell.timelines.batch import Timelines, timelines
from foretell.timelines.derived import words_of
from foretell.timelines.endings import with_endings
from made_told import Told, told_facts, with_told

DAY = MICROSECONDS_PER_DAY
SCHEMA = pa.schema([*ORDER_LINES, *ORDER_ATTRIBUTES, GONE_AT])
EVERYTHING = 2**62
TIMEZONES = ("UTC", "Europe/London")
CUTOFF_DAYS = ("2011-03-28", "2011-06-12", "2011-10-31", "2012-02-29")
WINDOW_DAYS = (0, 1, 7, 14, 30, 60, 90, 180, 275, 335, 365)


@dataclass(frozen=True)
class Line:
    """One row of `ORDER_LINES`."""

    customer_id: str
    happened_at: int
    known_at: int
    order_id: str | None
    product: str | None
    category: str | None
    quantity: float | None
    amount: int
    country: str | None = None
    channel: str | None = None
    discount: int = 0
    gone_at: int | None = None


@dataclass(frozen=True)
class Made:
    """Lines, the time zone in which days are told, a cutoff (a local midnight amid them), and facts of other tables."""

    lines: tuple[Line, ...]
    timezone: str
    cutoff: int
    told: tuple[Told, ...] = ()


AMOUNTS = st.sampled_from((0, 1, 9_900, 50_000, 50_000, 123_456, 10_000_000, -50_000, -1)) | st.integers(0, 3_000_000)
DELAYS = st.sampled_from((0,) * 8 + (3_600_000_000, DAY, 40 * DAY, 400 * DAY, -5 * DAY))
ENDS = st.sampled_from(
    (
        *(lambda cutoff, happened: None,) * 6,
        lambda cutoff, happened: cutoff,
        lambda cutoff, happened: cutoff - 1,
        lambda cutoff, happened: cutoff + 40 * DAY,
        lambda cutoff, happened: happened,
        lambda cutoff, happened: happened + 20 * DAY,
    )
)
"""When an order, or some of its lines, ends; None: never."""
SECONDS = st.sampled_from((0, 0, 1, 1_800, 36_000, 61_200, 86_399)) | st.integers(0, 86_399)


@st.composite
def moments(draw: st.DrawFn, cutoff: int, latest_day: int = 400) -> int:
    """A moment around the cutoff: on the edge of a window, or anywhere; often on a whole second."""
    if draw(st.booleans()):
        edge = cutoff - draw(st.sampled_from(WINDOW_DAYS)) * DAY
        return edge + draw(st.sampled_from((0, 0, -1, 1, -3_600_000_000, 43_200_000_000)))
    day = draw(st.integers(-500, latest_day))
    return cutoff + day * DAY + draw(SECONDS) * 1_000_000 + draw(st.sampled_from((0, 0, 0, 123_457)))


@st.composite
def order_lines(
    draw: st.DrawFn, cutoff: int, customers: int = 4, most_orders: int = 14, ends: bool = True
) -> tuple[Line, ...]:
    """Lines of orders: with an id that may come again, or none; some lines late, some of nothing or less; with `ends`
    some that count no longer after a while."""
    lines: list[Line] = []
    for _ in range(draw(st.integers(1, most_orders))):
        customer = f"c{draw(st.integers(1, customers))}"
        order_id = draw(st.sampled_from((None, "1", "2", "3", "A1", "C2")) | st.integers(10, 10_000).map(str))
        happened = draw(moments(cutoff))
        gone_at = draw(ENDS)(cutoff, happened) if ends else None
        for _ in range(draw(st.integers(1, 3))):
            lines.append(
                Line(
                    customer,
                    happened,
                    happened + draw(DELAYS),
                    order_id,
                    draw(st.sampled_from((None, "a", "b", "c"))),
                    draw(st.sampled_from((None, None, "k", "m"))),
                    draw(st.sampled_from((None, 1.0, 2.0, 0.5, -3.0, 0.0))),
                    draw(AMOUNTS),
                    draw(st.sampled_from((None, "Germany", "France"))),
                    draw(st.sampled_from((None, "web", "web", "shop"))),
                    draw(st.sampled_from((0, 0, 5_000, 10_000_000))),
                    gone_at if draw(st.booleans()) else None,
                )
            )
            happened += draw(st.sampled_from((0, 0, 60_000_000, DAY)))
    return tuple(lines)


@st.composite
def made(draw: st.DrawFn, customers: int = 4, most_orders: int = 14, ends: bool = True) -> Made:
    """A small log and a cutoff; with `ends`, some orders count no longer after a while."""
    timezone = draw(st.sampled_from(TIMEZONES))
    cutoff = parse_day(draw(st.sampled_from(CUTOFF_DAYS)), timezone)
    lines = draw(order_lines(cutoff, customers, most_orders, ends))

    def moment(draw: st.DrawFn) -> tuple[int, int]:
        happened = draw(moments(cutoff))
        return happened, happened + max(draw(DELAYS), 0)

    told = draw(told_facts(moment, [f"c{number}" for number in range(1, customers + 1)]))
    return Made(lines, timezone, cutoff, told)


def as_table(lines: Sequence[Line]) -> pa.Table:
    """The lines as `ORDER_LINES` with all attributes."""
    return pa.Table.from_pylist([asdict(line) for line in lines], schema=SCHEMA)


def batch_of(
    lines: Sequence[Line], timezone: str, before: int = EVERYTHING, value: str = "net", told: Sequence[Told] = ()
) -> Timelines:
    """The batch that an engine gives of these lines and facts, without its files: what was visible before `before`."""
    everything = keyed(as_table(lines), timezone)
    owners = everything.lines["customer_key"].to_pylist()
    customers = _by(everything.customers, "customer_key")
    seen = [line for line in lines if max(line.happened_at, line.known_at) < before]
    ended = [line for line in seen if line.gone_at is not None and line.gone_at < before]
    keys = keyed(as_table(ended), timezone).lines["customer_key"]
    ends = pa.table({"customer_key": keys, "gone_at": pa.array([line.gone_at for line in ended], pa.int64())})

    def read(ended: int | pa.Table | None = None, among: Sequence[int] | None = None) -> Timelines:
        of_all = ended if isinstance(ended, int) else before
        own = dict(zip(*ended.to_pydict().values(), strict=True)) if isinstance(ended, pa.Table) else {}
        kept = [
            replace(line, gone_at=None)
            for line, whose in zip(lines, owners, strict=True)
            if line.gone_at is None or line.gone_at >= own.get(whose, of_all)
        ]
        if among is not None:
            ids = {row["customer_id"] for row in customers.to_pylist() if row["customer_key"] in among}
            kept = [line for line in kept if line.customer_id in ids]
        return replace(_batch_of(kept, timezone, before, value), read_words=lambda: words_of([everything.words]))

    return with_told(with_endings(read, ends, customers), told, before)


def _batch_of(lines: Sequence[Line], timezone: str, before: int, value: str) -> Timelines:
    """The batch of lines that do not end."""
    all_lines, customers, _ = keyed(as_table(lines), timezone)
    parts = _known(folded(in_line_order(all_lines)), before)
    sold = pa.array(parts["taken_back"].to_numpy() + parts["amount"].to_numpy())
    parts = parts.append_column("sold", sold).drop_columns(["visible_day", "taken_back"])
    parts = _by(parts, "customer_key", "happened_at", "order_key", "known_at")
    named = _by(
        _known(all_lines, before),
        "customer_key", "happened_at", "order_key", "product_key", "category_key", "amount", "units", "known_at",
    )  # fmt: skip
    is_named = (named["product_key"].to_numpy() != 0) | (named["category_key"].to_numpy() != 0)
    named = (
        named.filter(pa.array(is_named))
        .drop_columns(["product", "category"])
        .rename_columns({"product_key": "product", "category_key": "category"})
    )
    named = named.select(["customer_key", "happened_at", "known_at", "product", "category", "units", "amount"])
    return timelines(_by(customers, "customer_key"), parts, named, timezone, value)  # type: ignore[arg-type]


def _known(table: pa.Table, before: int) -> pa.Table:
    """Rows that were visible, with the moment at which they became known."""
    happened, known_at = (
        table["happened_at"].to_numpy(),
        (pc.add(table["happened_at"], table["known_after"])).to_numpy(),
    )
    table = table.drop_columns("known_after").append_column("known_at", pa.array(known_at))
    return table.filter(pa.array(np.maximum(happened, known_at) < before))


def _by(table: pa.Table, *columns: str) -> pa.Table:
    order = np.lexsort([table[name].to_numpy() for name in reversed(columns)])
    return table.take(pa.array(order))
