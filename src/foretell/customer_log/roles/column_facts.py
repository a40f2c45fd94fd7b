"""What the values of a column say about it, from a sample of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.dates import dates_and_placeholders
from foretell.customer_log.cells.identifiers import EMAIL, Distinct, as_text, canonical_ids, distinct
from foretell.customer_log.cells.numbers import decimal_evidence, quantities
from foretell.project.request import DecimalSign

ONE_CUSTOMER = 0.6
"""How well a column that holds one value all over plays the customer: enough where its name says that it is."""
MOST_KINDS = 1000
"""A column with more values among the first rows is no country and no channel, whatever its name."""
ROUNDED = r"^[1-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,}$"
MOST_FREQUENT = 60
REFUND_WORDS = (
    "refund", "refunded", "return", "returned", "cancelled", "canceled", "cancellation", "credit", "credit note",
    "credit_note", "creditnote", "credit memo", "chargeback", "void", "voided", "storno", "reversal", "retour",
    "retoure",
    "gutschrift", "erstattung", "remboursé", "remboursement", "avoir", "devolución", "devolucion", "devuelto",
    "reembolso",
    "reso", "rimborso", "nota di credito", "nota de crédito", "note de crédit", "creditnota", "terugbetaling",
    "devolução",
    "stornorechnung", "rechnungskorrektur",
)  # fmt: skip
"""Kinds of rows that take money back."""


@dataclass(frozen=True)
class ColumnFacts:
    """Shares of the filled rows: `dates` that read as dates, `numbers` as numbers, `whole` as whole numbers.

    `filled` is the share of rows with a value, `distinct` the number of values per filled row. `plain_numbers` says
    that all are bare digits, `percents` how many of the different values are numbers with a percent sign.
    `emails` are the filled rows with an e-mail address, `spaced` those with words apart, `rounded` those with a long
    number that a spreadsheet wrote as a power of ten. `most_frequent` are the most frequent values, up to
    `MOST_FREQUENT`, each with its share.
    `placeholder` is a date among them on which nobody can have bought, such as 1900-01-01, and `placeholders` the share
    of those. `figures` are the numbers (NaN where there is none), `codes` a number for each value.
    """

    filled: float
    distinct: float
    dates: float
    placeholders: float
    placeholder: str
    numbers: float
    percents: float
    whole: float
    plain_numbers: bool
    refund_words: bool
    values: int
    figures: np.ndarray
    codes: np.ndarray
    emails: float = 0.0
    spaced: float = 0.0
    rounded: float = 0.0
    times_of_day: bool = False
    most_frequent: tuple[tuple[str, float], ...] = ()
    frequent_codes: tuple[int, ...] = ()

    def fit(self, role: str) -> float:  # noqa: PLR0911
        """0 to 1: whether the values can play the role."""
        if not self.filled:
            return 0.0
        match role:
            case "time" | "known_at" | "refunded_at" | "cancelled_at":
                return 1.0 if self.dates >= 0.9 else self.dates if self.dates >= 0.6 else 0.0
            case "amount" | "unit_price" | "quantity" | "refunded":
                return 1.0 if self.numbers >= 0.9 else self.numbers if self.numbers >= 0.6 else 0.0
            case "customer":
                looks_otherwise = (self.dates >= 0.9 and not self.plain_numbers) or self.fractions
                return 0.0 if looks_otherwise else ONE_CUSTOMER if self.values <= 1 and len(self.codes) > 10 else 1.0
            case "order":
                looks_otherwise = (self.dates >= 0.9 and not self.plain_numbers) or self.fractions
                return 0.0 if looks_otherwise else 0.3 if self.distinct < 0.005 and len(self.codes) > 500 else 1.0
            case "refund":
                flag = self.values <= 3 and self.numbers + self.refund_words > 0
                return 1.0 if self.refund_words or flag else 0.0
            case "country" | "channel":
                return 1.0 if self.values <= MOST_KINDS and self.numbers < 0.1 and self.dates < 0.1 else 0.0
            case "discount":
                return 1.0 if self.numbers + self.percents >= 0.9 else 0.0
            case "currency":
                return 1.0 if self.values <= 50 and self.numbers < 0.1 else 0.0
            case _:
                return 0.0 if self.fractions else 1.0

    @property
    def fractions(self) -> bool:
        """Whether it holds numbers with digits behind the decimal sign."""
        return self.numbers >= 0.9 and self.whole < 0.9

    def differs(self, other: ColumnFacts) -> bool:
        """Whether the two columns hold different values in some row (a column does not differ from itself)."""
        if self is other:
            return True
        both = np.isfinite(self.figures) & np.isfinite(other.figures)
        if both.any():
            return not np.array_equal(self.figures[both], other.figures[both])
        return not np.array_equal(self.codes, other.codes)

    def code_of(self, text: str) -> int:
        """The code of one of the most frequent values; -2, which no row has, for another one."""
        return next(
            (code for (one, _), code in zip(self.most_frequent, self.frequent_codes, strict=True) if one == text), -2
        )

    def said(self, role: str) -> str:
        """The values' part in the reason, as a clause."""
        match role:
            case "time" | "known_at":
                return f", and {self.dates:.0%} of its values are dates"
            case "amount" | "unit_price" | "quantity":
                return f", and {self.numbers:.0%} of its values are numbers"
            case "discount":
                return f", and {self.numbers + self.percents:.0%} of its values are numbers"
            case "country" | "channel":
                return f", and {'1 value' if self.values == 1 else f'{self.values:,} different values'}"
            case "customer" | "order" | "product":
                different = "1 value" if self.values == 1 else f"{self.values:,} different values"
                return f", and {different} in {len(self.codes):,} rows"
            case _:
                return ""


def facts_of(sample: pa.Table, timezone: str, now: int) -> dict[str, ColumnFacts]:
    """The facts of each column of a sample."""
    return {name: _facts(sample[name], timezone, now) for name in sample.column_names}


def is_repeated_within(amount: ColumnFacts, order: ColumnFacts) -> bool:
    """Whether orders of several lines nearly all show one and the same amount on every line."""
    good = np.isfinite(amount.figures) & (order.codes >= 0)
    codes, figures = order.codes[good], amount.figures[good]
    by_order = np.argsort(codes, kind="stable")
    codes, figures = codes[by_order], figures[by_order]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.zeros(0, int)
    lengths = np.diff(np.append(starts, len(codes)))
    several = lengths > 1
    if several.sum() < 5:
        return False
    same = np.minimum.reduceat(figures, starts) == np.maximum.reduceat(figures, starts)
    return bool(same[several].mean() > 0.95)


def is_product_of(amount: ColumnFacts, quantity: ColumnFacts, price: ColumnFacts) -> bool:
    """Whether the amount is quantity times price in most rows."""
    product = quantity.figures * price.figures
    good = np.isfinite(product) & np.isfinite(amount.figures)
    if not good.any():
        return False
    near = np.abs(product[good] - amount.figures[good]) <= 0.011 + 1e-6 * np.abs(product[good])
    return bool(near.mean() > 0.9)


def _facts(column: pa.ChunkedArray, timezone: str, now: int) -> ColumnFacts:
    texts = as_text(distinct(column).values).drop_null()
    ids = distinct(canonical_ids(column))
    frequent = _most_frequent(ids)
    filled = int((ids.positions >= 0).sum())
    dated, empty = dates_and_placeholders(column, timezone, now)
    evidence = decimal_evidence(column)
    sign: DecimalSign = "," if evidence.comma > evidence.point else "."
    kind = column.type
    if pa.types.is_temporal(kind) or pa.types.is_nested(kind) or pa.types.is_boolean(kind):
        figures = np.full(len(column), np.nan)
    else:
        found = quantities(column, sign)
        figures = np.where(found.reasons == 0, found.values, np.nan)
        if evidence.comma and evidence.point:
            other = quantities(column, "." if sign == "," else ",")
            figures = np.where(np.isnan(figures) & (other.reasons == 0), other.values, figures)
    with_number = np.isfinite(figures)
    share = 1 / filled if filled else 0.0
    return ColumnFacts(
        filled=filled / len(column) if len(column) else 0.0,
        distinct=len(ids.values.drop_null()) * share,
        dates=float(dated.sum() * share),
        placeholders=float(empty.sum() * share),
        placeholder=str(column[int(np.argmax(empty))]) if empty.any() else "",
        numbers=float(min(1.0, with_number.sum() * share)),
        percents=_percents(texts),
        whole=float(min(1.0, (with_number & (figures == np.rint(figures))).sum() * share)),
        plain_numbers=bool(pc.all(pc.match_substring_regex(texts, r"^[0-9.]+$")).as_py()) if len(texts) else False,
        refund_words=bool(pc.any(pc.is_in(pc.utf8_lower(texts), pa.array(REFUND_WORDS))).as_py())
        if len(texts)
        else False,
        values=len(ids.values.drop_null()),
        figures=figures,
        codes=ids.positions,
        emails=_matching(ids, EMAIL) * share,
        spaced=_matching(ids, r"\S\s+\S") * share,
        rounded=_matching(ids, ROUNDED) * share,
        times_of_day=_matching(ids, r"^[0-9]{1,2}:[0-9]{2}") * share >= 0.9,
        most_frequent=tuple((str(ids.values[at]), float(number * share)) for at, number in frequent),
        frequent_codes=tuple(at for at, _ in frequent),
    )


def _matching(ids: Distinct, pattern: str) -> int:
    """The rows whose id matches."""
    told = pc.fill_null(pc.match_substring_regex(ids.values, pattern), False).to_numpy(zero_copy_only=False)
    return int(np.append(told, False)[ids.positions].sum())


def _most_frequent(ids: Distinct) -> list[tuple[int, int]]:
    """The codes of the most frequent values, and how often each stands there."""
    counts = np.bincount(ids.positions[ids.positions >= 0], minlength=len(ids.values))
    return [(int(at), int(counts[at])) for at in np.argsort(-counts, kind="stable")[:MOST_FREQUENT] if counts[at]]


def _percents(texts: pa.Array) -> float:
    """The share of the texts that are a number with a percent sign."""
    told = pc.match_substring_regex(texts, r"^[-+]?[0-9]+([.,][0-9]+)?\s*%$")
    return float(pc.mean(told.cast(pa.float64())).as_py() or 0.0)
