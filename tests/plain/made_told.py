"""Facts of tables beside orders, made by Hypothesis, and the rows that a log would keep of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from foretell.customer_log.line_order import in_fact_order
from foretell.customer_log.stable_keys import code_of, stable_keys
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable
from foretell.timelines.batch import Timelines

MONEY = ("value", "cost", "amount")
Tells = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True)
class Told:
    """One fact of a table: what it tells by name, texts as they are, numbers in the small units that are kept."""

    table: str
    customer_id: str
    happened_at: int
    known_at: int
    tells: Tells = ()

    def __getitem__(self, name: str) -> str | int | None:
        return dict(self.tells).get(name)

    def later(self, microseconds: int) -> Told:
        """The same, so much later."""
        return replace(self, happened_at=self.happened_at + microseconds, known_at=self.known_at + microseconds)

    def dearer(self, times: int) -> Told:
        """The same for so many times the money."""
        tells = [
            (name, times * value if name in MONEY and isinstance(value, int) else value) for name, value in self.tells
        ]
        return replace(self, tells=tuple(tells))


TEXTS: Mapping[str, Mapping[str, tuple[str | int | None, ...]]] = {
    "events": {
        "name": ("Viewed", "cart", "x"),
        "stage": (None, "searched", "viewed", "content", "added", "checkout", "ordered"),
        "value": (None, 0, 99_000),
    },
    "contacts": {
        "step": ("sent", "sent", "answered"),
        "message": (None, None, "m1", "m2"),
        "cost": (None, 500),
        "answer": (None, "opened", "clicked", "clicked", "unsubscribed", "delivered"),
    },
    "feedback": {
        "step": ("given", "given", "given", "closed"),
        "topic": (None, "complaint", "ticket", "ticket", "nps"),
        "rating": (None, 0, 250, 700, 1000),
        "complaint": (0, 0, 1),
        "complaint_words": (None, 0, 3),
    },
    "profiles": {
        "step": ("told", "told", "told", "signed up"),
        "attribute": ("city", "source", "gender"),
        "value": (None, "Bonn", "ad"),
    },
    "subscriptions": {
        "step": ("started", "started", "asked to cancel", "ended"),
        "plan": (None, "Pro", "Free"),
        "amount": (None, 0, 290_000),
        "interval_seconds": (None, 604_800, 2_629_800),
    },
    "people": {"step": ("joined", "ordered", "ordered", "acted"), "person": ("p1", "p2", "p3")},
    "consents": {"state": ("yes",), "standing": ("granted", "denied", None)},
}
"""What facts of each table may tell; None: nothing."""


@st.composite
def told_facts(
    draw: st.DrawFn,
    moment: Callable[[st.DrawFn], tuple[int, int]],
    customers: Sequence[str],
    most: int = 9,
) -> tuple[Told, ...]:
    """Facts of some customers, at moments (happened, known) that are drawn by a function."""
    found = []
    for _ in range(draw(st.integers(0, most))):
        table = draw(st.sampled_from(sorted(TEXTS)))
        tells = tuple((name, draw(st.sampled_from(values))) for name, values in TEXTS[table].items())
        happened, known = moment(draw)
        said = tuple((name, value) for name, value in tells if value is not None)
        found.append(Told(table, draw(st.sampled_from(customers)), happened, known, said))
    return tuple(found)


def rows_of(told: Sequence[Told], table: FactTable, before: int) -> pa.Table:
    """The rows that a batch reads of a table: what was visible, sorted, with `known_at`."""
    own = [one for one in told if one.table == table.name and max(one.happened_at, one.known_at) < before]
    keys = stable_keys(pa.array([one.customer_id for one in own], pa.string()))
    happened = np.array([one.happened_at for one in own], dtype=np.int64)
    known = np.array([one.known_at for one in own], dtype=np.int64)
    tells = [dict(one.tells) for one in own]
    columns: dict[str, object] = {"customer_key": keys, "happened_at": happened, "known_after": known - happened}
    for name, is_code in table.kept.items():
        said = [one.get(name) for one in tells]
        values = [_code_of(str(value)) if is_code and value is not None else value for value in said]
        columns[name] = pa.array(values, pa.int64())
    rows, _ = in_fact_order(pa.table(columns, schema=table.stored))
    known_at = rows["happened_at"].to_numpy() + rows["known_after"].to_numpy()
    return rows.drop_columns("known_after").append_column("known_at", pa.array(known_at))


def with_told(batch: Timelines, told: Sequence[Told], before: int) -> Timelines:
    """The batch of the same customers, with facts of other tables."""
    names = tuple(name for name in FACT_TABLES if any(one.table == name for one in told))
    texts = {str(value) for one in told for _, value in one.tells if isinstance(value, str)}
    words = {code_of(text): text for text in texts}
    return replace(
        batch,
        read_table=cache(lambda table: rows_of(told, table, before)),
        table_names=names,
        read_words=lambda: {**batch.words, **words},
    )


@cache
def _code_of(text: str) -> int:
    return code_of(text)
