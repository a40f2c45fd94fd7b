"""Numbers as people write them: decimal comma or point, thousands apart, currency signs, refunds in brackets."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.currency_marks import has_marks, is_currency
from foretell.customer_log.cells.identifiers import as_text, distinct, in_chunks
from foretell.project.money import LARGEST_AMOUNT, UNITS_PER_ONE, to_units
from foretell.project.request import DecimalSign

REASONS = ("", "no number", "not a number", "not a finite number", "the number is too large")
MISSING, NOT_A_NUMBER, NOT_FINITE, TOO_LARGE = 1, 2, 3, 4
LONGEST_NUMBER = 100
"""Characters: what is longer is no number that anybody wrote."""

CURRENCY = r"(?:[^\W\d_]{1,4}\.?|[^\W\d_]{0,3}[$€£¥₹₽₺₩₪₫฿₴₦¢])"
NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<first>[-+−–]?)\s*(?P<before>{CURRENCY})?(?P<gap>\s*)(?P<second>[-+−–]?)\s*"
    rf"(?P<body>(?:\d[\d.,'’ \u00a0\u202f\u2009]*\d|\d)[.,]?|[.,]\d+)(?P<power>[eE][-+]?\d{{1,3}})?"
    rf"\s*{CURRENCY}?\s*(?P<last>[-+−–]?)\s*{CURRENCY}?\s*(?P<close>\))?"
)
INFINITE = re.compile(r"(?i)[-+]?(?:inf|infinity|∞)")
SPACES = re.compile(r"\d{1,3}(?:['’ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d*)?")
CENTS = re.compile(r"[.,]\d{1,2}$")
SHAPES: dict[DecimalSign, re.Pattern[str]] = {
    ".": re.compile(r"\d*(?:\.\d*)?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?|[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?"),
    ",": re.compile(r"\d*(?:,\d*)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?"),
}


class Figures(NamedTuple):
    """`values` of each row (0 where there is none) and `reasons`, int8 positions in `REASONS`, 0 where it is good."""

    values: np.ndarray
    reasons: np.ndarray


class DecimalEvidence(NamedTuple):
    """How many rows can only be read with a decimal point, only with a comma, or with either to another number."""

    point: int
    comma: int
    unsure: int

    def plus(self, other: DecimalEvidence) -> DecimalEvidence:
        """The evidence of both."""
        return DecimalEvidence(self.point + other.point, self.comma + other.comma, self.unsure + other.unsure)


def decimal_evidence(column: pa.ChunkedArray | pa.Array) -> DecimalEvidence:
    """What a text column says about its decimal sign; a typed column says nothing.

    >>> decimal_evidence(pa.array(["1,50", "12", "1.234", "1.234,5"]))
    DecimalEvidence(point=0, comma=2, unsure=1)
    """
    if not _is_text(column.type):
        return DecimalEvidence(0, 0, 0)
    values, positions = distinct(column)
    counts = np.bincount(positions[positions >= 0], minlength=len(values))
    texts = as_text(values)
    plain = pc.fill_null(pc.match_substring_regex(texts, r"^-?[0-9]*$"), True).to_numpy(zero_copy_only=False)
    found = {"point": 0, "comma": 0, "unsure": 0}
    for at in np.flatnonzero(~plain & (counts > 0)):
        text = texts[at].as_py()
        match = NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
        body = match["body"] if match else ""
        if SPACES.fullmatch(body):
            body = "1000" + body[-1 * max(0, len(body) - max(map(body.rfind, " '’\u00a0\u202f\u2009")) - 4) :].lstrip()
        if "." not in body and "," not in body:
            continue
        as_point, as_comma = bool(SHAPES["."].fullmatch(body)), bool(SHAPES[","].fullmatch(body))
        if as_point and as_comma:
            found["unsure"] += int(counts[at])
        elif as_point or as_comma:
            found["point" if as_point else "comma"] += int(counts[at])
    return DecimalEvidence(**found)


def amounts(column: pa.ChunkedArray | pa.Array, decimal: DecimalSign) -> Figures:
    """Money as int64 ten-thousandths, exactly (halves to even beyond the fourth decimal).

    >>> amounts(pa.array(["1.234,56 €", "(5,00)", "", "free"]), ",")
    Figures(values=array([12345600,   -50000,        0,        0]), reasons=array([0, 0, 1, 2], dtype=int8))
    """
    column = in_chunks(column)
    kind = column.type
    if pa.types.is_floating(kind):
        values, reasons = _checked(_numpy(column))
        return Figures(to_units(values), reasons)
    if pa.types.is_integer(kind):
        values, reasons = _checked(_numpy(column))
        whole = pc.fill_null(column, 0).to_numpy()
        return Figures(np.where(reasons == 0, whole, 0).astype(np.int64) * UNITS_PER_ONE, reasons)
    return _from_text(column, decimal, np.dtype(np.int64))


def quantities(column: pa.ChunkedArray | pa.Array, decimal: DecimalSign) -> Figures:
    """Numbers as float64.

    >>> quantities(pa.array(["6", "-1", "2.5"]), ".").values.tolist()
    [6.0, -1.0, 2.5]
    """
    column = in_chunks(column)
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return _checked(_numpy(column))
    return _from_text(column, decimal, np.dtype(np.float64))


def _numpy(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    return np.asarray(pc.if_else(column.is_valid(), column.cast(pa.float64(), safe=False), np.nan).to_numpy(), float)


def _checked(values: np.ndarray) -> Figures:
    reasons = np.zeros(len(values), np.int8)
    reasons[np.abs(values) > LARGEST_AMOUNT] = TOO_LARGE
    reasons[np.isinf(values)] = NOT_FINITE
    reasons[np.isnan(values)] = MISSING
    return Figures(np.where(reasons == 0, values, 0.0), reasons)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _from_text(column: pa.ChunkedArray | pa.Array, decimal: DecimalSign, kind: np.dtype) -> Figures:
    if decimal == "." and (regular := _regular(column, kind)) is not None:
        return Figures(regular, np.zeros(len(column), np.int8))
    values, positions = distinct(column)
    if not _is_text(values.type):
        decimal = "."
    texts = as_text(values)
    mark = re.escape(decimal)
    regular = pc.fill_null(pc.match_substring_regex(texts, rf"^-?[0-9]{{1,11}}({mark}[0-9]{{1,4}})?$"), False)
    plain = pc.if_else(regular, pc.replace_substring(texts, decimal, ".") if decimal == "," else texts, "0")
    figures = np.zeros(len(texts) + 1, kind)
    reasons = np.zeros(len(texts) + 1, np.int8)
    reasons[-1] = MISSING
    if kind == np.float64:
        figures[:-1] = plain.cast(pa.float64()).to_numpy()
    elif len(texts):
        figures[:-1] = _low_words(plain.cast(pa.decimal128(17, 4)))
    for at in np.flatnonzero(~regular.to_numpy(zero_copy_only=False)):
        number, reasons[at] = _read(texts[at].as_py(), decimal)
        figures[at] = float(number) if kind == np.float64 else _units(number)
    return Figures(figures[positions], reasons[positions])


def _regular(column: pa.ChunkedArray | pa.Array, kind: np.dtype) -> np.ndarray | None:
    """The numbers of a text column that holds nothing else, as most columns do; None otherwise."""
    if not pa.types.is_string(column.type) or column.null_count or _is_boundless(column):
        return None
    try:
        if kind == np.float64:
            values = np.asarray(column.cast(pa.float64()).to_numpy())
            return values if (np.abs(values) <= LARGEST_AMOUNT).all() else None
        exact = column.cast(pa.decimal128(17, 4))
        chunks = exact.chunks if isinstance(exact, pa.ChunkedArray) else [exact]
        units = np.concatenate([_low_words(chunk) for chunk in chunks]) if chunks else np.zeros(0, np.int64)
    except pa.ArrowInvalid:
        return None
    return units if (np.abs(units) <= LARGEST_AMOUNT * UNITS_PER_ONE).all() else None


def _is_boundless(column: pa.ChunkedArray | pa.Array) -> bool:
    """Whether a cell holds letters, as in 1e-999999999, or has no end: a library may not come back from such a cell."""
    return has_marks(column) or (pc.max(pc.binary_length(column)).as_py() or 0) > LONGEST_NUMBER


def _low_words(exact: pa.Array) -> np.ndarray:
    """The int64 behind decimals of at most 17 digits: the lower half of each 16 bytes."""
    if not len(exact):
        return np.zeros(0, np.int64)
    return np.frombuffer(exact.buffers()[1], np.int64)[2 * exact.offset :: 2][: len(exact)]


def _units(number: Decimal) -> int:
    return int((number * UNITS_PER_ONE).to_integral_value(ROUND_HALF_EVEN))


def _is_code(before: str, body: str) -> bool:
    """Whether letters and the digits right behind them name something, such as P034, rather than say what it costs."""
    known = is_currency(before) or not before.rstrip(".").isalpha()
    return not known and not CENTS.search(body)


def _read(text: str | None, decimal: DecimalSign) -> tuple[Decimal, int]:  # noqa: PLR0911
    """The number that a text stands for, or 0 and why there is none."""
    nothing = Decimal(0)
    if text is None:
        return nothing, MISSING
    if len(text) > LONGEST_NUMBER:
        return nothing, NOT_A_NUMBER
    if INFINITE.fullmatch(text):
        return nothing, NOT_FINITE
    match = NUMBER.fullmatch(re.sub(r"[.,]\s?[-–]{1,2}$", "", text))
    if not match or bool(match["open"]) != bool(match["close"]):
        return nothing, NOT_A_NUMBER
    body = match["body"]
    if match["before"] and not match["gap"] and not match["second"] and _is_code(match["before"], body):
        return nothing, NOT_A_NUMBER
    if SPACES.fullmatch(body):
        body = re.sub(r"['’ \u00a0\u202f\u2009]", "", body)
    if not SHAPES[decimal].fullmatch(body):
        return nothing, NOT_A_NUMBER
    thousands = "," if decimal == "." else "."
    number = Decimal(body.replace(thousands, "").replace(decimal, ".") + (match["power"] or ""))
    if number > Decimal(int(LARGEST_AMOUNT)):
        return nothing, TOO_LARGE
    signs = [match["open"] or "", match["first"], match["second"], match["last"]]
    negative = sum(sign in ("-", "−", "–", "(") for sign in signs if sign)
    if negative > 1:
        return nothing, NOT_A_NUMBER
    return (-number if negative else number), 0
