"""Currencies written in the cells themselves, beside the amounts: `$182.40`, `53.60 EUR`."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import distinct, in_chunks

SIGNS = {
    "€": "EUR", "£": "GBP", "¥": "¥", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS", "₫": "VND", "฿": "THB",
    "₴": "UAH", "₦": "NGN", "₹": "INR", "$": "$", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD",
    "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "R$": "BRL", "MX$": "MXN", "KČ": "CZK", "ZŁ": "PLN", "FT": "HUF",
    "LEI": "RON", "KR": "KR", "FR": "CHF", "SFR": "CHF", "RS": "INR", "CN¥": "CNY", "JP¥": "JPY", "EURO": "EUR",
    "EUROS": "EUR", "DOLLAR": "$", "DOLLARS": "$", "POUND": "GBP", "POUNDS": "GBP", "RMB": "CNY", "TL": "TRY",
}  # fmt: skip
"""What a sign stands for; a sign of several currencies stands for itself."""
CODES = frozenset(
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD MAD MXN "  # noqa: SIM905
    "MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR".split()
)
ONE_OF = {
    "$": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "ARS", "CLP", "COP", "TWD", "UYU"},
    "¥": {"JPY", "CNY"},
    "KR": {"SEK", "NOK", "DKK", "ISK"},
}
"""The currencies that write themselves with a sign; one of them beside the sign is the same money."""
MARK = re.compile(r"[^\W\d_]{0,4}\s?[$€£¥₹₽₺₩₪₫฿₴₦]|[^\W\d_]+")


def currencies_in(column: pa.ChunkedArray | pa.Array) -> dict[str, str]:
    """The currencies that the cells of a text column name, each as its ISO code or sign, with a cell that says so.

    >>> currencies_in(pa.array(["182.40 USD", "$3", "53.60 €", "5", "3 pcs"]))
    {'$': '$3', 'EUR': '53.60 €', 'USD': '182.40 USD'}
    """
    column = in_chunks(column)
    if not pa.types.is_string(column.type) or not has_marks(column):
        return {}
    values = distinct(column).values.drop_null()
    marked = values.filter(pc.match_substring_regex(values, r"[^\d\s.,'()+-]"))
    found: dict[str, str] = {}
    for cell in marked.to_pylist():
        for mark in MARK.findall(cell):
            written = re.sub(r"\s", "", mark).upper()
            name = written if written in CODES else SIGNS.get(written) or SIGNS.get(written[-1:] * (len(written) > 1))
            if name and name not in found:
                found[name] = cell.strip()
    return dict(sorted(found.items()))


def currency_named(text: str) -> str:
    """The currency that a text names: its code, where it is a sign of one currency; else the text in capitals.

    >>> currency_named("€"), currency_named("usd"), currency_named("US$")
    ('EUR', 'USD', 'USD')
    """
    written = re.sub(r"\s", "", text).upper()
    return written if written in CODES else SIGNS.get(written, written)


def is_currency(mark: str) -> bool:
    """Whether letters or signs are a currency's.

    >>> is_currency("EUR"), is_currency("Rs."), is_currency("P")
    (True, True, False)
    """
    written = mark.rstrip(".").upper()
    return written in CODES or written in SIGNS


def are_one(names: set[str]) -> bool:
    """Whether currencies, each a code or a sign, can be one and the same.

    >>> are_one({"$", "USD"}), are_one({"$", "EUR"}), are_one({"$", "USD", "CAD"})
    (True, False, False)
    """
    codes = names - ONE_OF.keys()
    signs = names & ONE_OF.keys()
    return len(codes) <= 1 and all(codes <= ONE_OF[sign] for sign in signs) and len(signs) <= 1


def has_marks(column: pa.ChunkedArray | pa.Array) -> bool:
    """Whether a byte of a text column is a letter, a sign of a currency or beyond ASCII: one look at the bytes."""
    for chunk in in_chunks(column).chunks:
        offsets, data = chunk.buffers()[1:3]
        if data is None or not len(chunk):
            continue
        bounds = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        text = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
        if ((text > ord("9")) | (text == ord("$"))).any():
            return True
    return False
