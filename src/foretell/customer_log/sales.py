"""Which rows are sales: what came about, what did not, what was given back, and since when that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import as_text, canonical_ids, distinct
from foretell.customer_log.cells.numbers import amounts
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.roles.states import never_came_about, plain_word, standing_of
from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.schema import LEFT_OUT, NEVER, Columns
from foretell.project.local_time import local_days

UNKNOWN_STATE = "it is not known what this state says of the sale"
CODES: Mapping[str | None, int] = {"sale": 0, "none": 1, "refund": 2, None: 3}
SALE, NONE, REFUND, UNKNOWN, EMPTY = range(5)


@dataclass(frozen=True)
class Sold:
    """One entry a row of a block: `standing` as a code; int64 `gone_at`, from when on the order does not count (`NEVER`
    where it stands); int64 `given_back` of an order that stands, 0 where nothing was; int64 `back_at`, when that became
    known, and whether the source dates it; the text of the state, null where there is none."""

    standing: np.ndarray
    gone_at: np.ndarray
    given_back: np.ndarray
    back_at: np.ndarray
    has_date: np.ndarray
    state: pa.Array

    @property
    def is_none(self) -> np.ndarray:
        """bool [rows]: the sale never came about."""
        return np.asarray((self.standing == NONE) & (self.gone_at == NEVER))


@dataclass
class Sales:
    """Reads what a source says of its sales, block by block, and remembers the orders and lines that it has met."""

    columns: Columns
    agreed: Conventions
    clock: tuple[str, int]
    _counted: set[str] = field(default_factory=set)
    _given_back: set[str] = field(default_factory=set)
    _lines: set[str | None] = field(default_factory=set)
    _owed: dict[str, tuple[int, int, bool]] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether the source says nothing of its sales but that they were made."""
        said = (self.columns.state, self.columns.refunded, self.columns.refunded_at, self.columns.cancelled_at)
        return not any(said)

    def of(self, rows: pa.Table, money: np.ndarray, order_ids: pa.Array, problems: RowProblems) -> Sold:
        """The standing of each row; rows whose state nobody knows are marked. A row of its own for a refund, with
        negative money, stands as such."""
        count = rows.num_rows
        if self.is_plain:
            never, nothing = np.full(count, NEVER), np.zeros(count, dtype=np.int64)
            return Sold(nothing, never, nothing, never, np.zeros(count, dtype=bool), pa.nulls(count, pa.string()))
        standing, state = self._standing(rows)
        problems.mark(standing == UNKNOWN, self.columns.state or "", UNKNOWN_STATE)
        of_its_own = _money_of_orders(np.where(standing == REFUND, money, 0), order_ids) < 0
        standing = np.where((standing >= UNKNOWN) | ((standing == REFUND) & of_its_own), SALE, standing)
        cancelled, refunded_at = (self._moments(rows, name) for name in ("cancelled_at", "refunded_at"))
        export = self.agreed.exported_at
        back_at = np.where(refunded_at == NEVER, export, refunded_at)
        gone = np.where(standing == REFUND, np.minimum(np.minimum(refunded_at, cancelled), export), cancelled)
        gone = np.where((standing == NONE) & ((cancelled == NEVER) | _failed(state)), NEVER, gone)
        back, has_date = np.zeros(count, dtype=np.int64), refunded_at != NEVER
        if self.columns.refunded is not None:
            read = amounts(rows[self.columns.refunded], self.agreed.decimal)
            said = np.where((read.reasons == 0) & (standing == SALE) & (gone == NEVER), np.abs(read.values), 0)
            if self.agreed.refunded_of == "order":
                said = _first_of_each(said, order_ids, self._given_back)
            most = np.maximum(_money_of_orders(money, order_ids), 0)
            back = np.minimum(said, most)
            self._settle(back, back_at, has_date, most, order_ids)
            self._owe(said - back, back_at, has_date, order_ids)
        return Sold(standing, gone, back, back_at, has_date, state)

    def _settle(
        self, back: np.ndarray, back_at: np.ndarray, has_date: np.ndarray, most: np.ndarray, order_ids: pa.Array
    ) -> None:
        """Give back, in place, what orders of earlier blocks were said to have given back and had not sold there yet:
        the lines of an order may stand in several blocks."""
        if not self._owed:
            return
        known = pc.is_in(order_ids, pa.array(list(self._owed), pa.string())).to_numpy(zero_copy_only=False)
        met = set[str]()
        for at in np.flatnonzero(known & (most > 0)).tolist():
            one = order_ids[at].as_py()
            if one in met:
                continue
            met.add(one)
            owed, when, dated = self._owed.pop(one)
            given = min(owed, int(most[at] - back[at]))
            back[at] += given
            back_at[at], has_date[at] = when, dated
            if owed > given:
                self._owed[one] = (owed - given, when, dated)

    def _owe(self, short: np.ndarray, back_at: np.ndarray, has_date: np.ndarray, order_ids: pa.Array) -> None:
        """Remember what orders were said to have given back beyond what they sold so far."""
        for at in np.flatnonzero(short > 0).tolist():
            if (one := order_ids[at].as_py()) is not None:
                self._owed[one] = (int(short[at]), int(back_at[at]), bool(has_date[at]))

    def order_ids(self, rows: pa.Table, happened_at: np.ndarray) -> pa.Array:
        """The number of the order of each row, null without one; with its day where numbers begin again."""
        if self.columns.order is None:
            return pa.nulls(rows.num_rows, pa.string())
        ids = canonical_ids(rows[self.columns.order])
        if self.agreed.order_by == "number":
            return ids
        days = pa.array(local_days(happened_at, self.clock[0]).astype("datetime64[D]").astype(str), pa.string())
        return pc.binary_join_element_wise(ids, days, " ")

    def once_an_order(self, money: np.ndarray, order_ids: pa.Array) -> np.ndarray:
        """The money of orders, kept on the first of their lines that has any."""
        return _first_of_each(money, order_ids, self._counted)

    def repeated(self, rows: pa.Table, order_ids: pa.Array) -> np.ndarray:
        """bool [rows]: whether the same line of the same order was read before."""
        if self.columns.line is None:
            return np.zeros(rows.num_rows, dtype=bool)
        keys = pc.binary_join_element_wise(order_ids, canonical_ids(rows[self.columns.line]), "\x1f").to_pylist()
        again = np.zeros(len(keys), dtype=bool)
        for at, key in enumerate(keys):
            again[at] = key is not None and key in self._lines
            self._lines.add(key)
        return again

    def _standing(self, rows: pa.Table) -> tuple[np.ndarray, pa.Array]:
        if self.columns.state is None:
            return np.zeros(rows.num_rows, dtype=np.int64), pa.nulls(rows.num_rows, pa.string())
        state = as_texts(rows[self.columns.state])
        values, positions = distinct(state)
        known = {plain_word(text): standing for text, standing in self.agreed.states.items()}
        words = values.to_pylist()
        told = [EMPTY if w is None else CODES[known.get(plain_word(w)) or standing_of(w)] for w in words]
        return np.array([*told, EMPTY], dtype=np.int64)[positions], state

    def _moments(self, rows: pa.Table, role: str) -> np.ndarray:
        """int64 [rows]: the moment in a column, NEVER where there is none."""
        column = self.columns.used().get(role)
        if column is None:
            return np.full(rows.num_rows, NEVER)
        read = moments(rows[column], self.agreed.date_order, *self.clock)
        return np.where(read.reasons == 0, read.happened_at, NEVER)


def with_refunds(lines: pa.Table, sold: Sold, good: np.ndarray) -> pa.Table:
    """The lines, and one of its own for money that was given back: dated where that has a date, else with the sale, and
    known at the export."""
    back, when, dated = sold.given_back[good], sold.back_at[good], sold.has_date[good]
    at = np.flatnonzero(back > 0)
    if not len(at):
        return lines
    own = lines.take(pa.array(at))
    happened = np.where(dated[at], when[at], own["happened_at"].to_numpy())
    changed = {
        "happened_at": pa.array(happened),
        "known_at": pa.array(np.maximum(when[at], happened)),
        "product": pa.nulls(len(at), pa.string()),
        "category": pa.nulls(len(at), pa.string()),
        "quantity": pa.array(np.zeros(len(at))),
        "amount": pa.array(-back[at]),
        **({"discount": pa.array(np.zeros(len(at), dtype=np.int64))} if "discount" in own.column_names else {}),
    }
    refunds = pa.table({name: changed.get(name, own[name]) for name in own.column_names}, schema=own.schema)
    return pa.concat_tables([lines, refunds])


def _failed(state: pa.Array) -> np.ndarray:
    """bool [rows]: of which state it is said that the sale failed."""
    values, positions = distinct(state)
    failed = np.array([never_came_about(text) for text in values.to_pylist()], dtype=bool)
    return np.asarray(np.append(failed, False)[positions])


def left_out_rows(
    sold: Sold, nobody: pa.Array, unnamed: np.ndarray, lines: pa.Table, problems: RowProblems, again: np.ndarray
) -> pa.Table:
    """The rows that are no sale of a customer, by order, and all together those that show a line `again`; rows that
    were refused for another reason are not among them."""
    of_state = problems.good & sold.is_none
    ended = problems.good & ~unnamed & (sold.gone_at != NEVER)
    anonymous = problems.good & unnamed & ~sold.is_none
    parts = [LEFT_OUT.empty_table()]
    told = (("state", of_state, sold.state), ("ended", ended, sold.state), ("anonymous", anonymous, nobody))
    for kind, rows, reasons in told:
        if rows.any():
            own = lines.select(["order_id", "amount"]).filter(pa.array(rows))
            reason = pc.fill_null(reasons.filter(pa.array(rows)), "")
            table = pa.table({"reason": reason, "order_id": own["order_id"], "amount": own["amount"]})
            found = table.group_by(["reason", "order_id"]).aggregate([("amount", "sum"), ("amount", "count")])
            kinds = pa.array([kind] * len(found), pa.string())
            columns = [kinds, found["reason"], found["order_id"], found["amount_count"], found["amount_sum"]]
            parts.append(pa.table(columns, schema=LEFT_OUT))
    if again.any():
        money = int(lines["amount"].to_numpy()[again].sum())
        parts.append(pa.table([["repeated"], [""], [None], [int(again.sum())], [money]], schema=LEFT_OUT))
    return pa.concat_tables(parts)


def _first_of_each(money: np.ndarray, order_ids: pa.Array, seen: set[str]) -> np.ndarray:
    """The money, kept on the first row of each order that has any; orders that had some before are in `seen`."""
    kept, ids = money.copy(), order_ids.to_pylist()
    for at in np.flatnonzero(money).tolist():
        if (one := ids[at]) is not None:
            kept[at] = 0 if one in seen else money[at]
            seen.add(one)
    return kept


def _money_of_orders(money: np.ndarray, order_ids: pa.Array) -> np.ndarray:
    """int64 [rows]: what the order of each row comes to, as far as it stands among these rows."""
    numbers = distinct(order_ids).positions
    named = numbers >= 0
    whole = np.zeros(len(money) + 1, dtype=np.int64)
    np.add.at(whole, numbers[named], money[named])
    return np.where(named, whole[numbers], money)


def as_texts(column: pa.ChunkedArray) -> pa.Array:
    """A column as texts, words that mean nothing as null."""
    values, positions = distinct(column)
    return as_text(values).take(pa.array(positions, pa.int32(), mask=positions < 0))
