"""What a line says of its order beside: country, channel, and what was taken off."""

from __future__ import annotations

import string

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.discounts import discounts
from foretell.customer_log.cells.identifiers import as_text, distinct, spread
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.schema import Columns

LONGEST_TEXT = 60
LONGEST_CODE = 3
UNKNOWN = ("unknown", "unspecified", "not specified", "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend")


def order_attributes(
    rows: pa.Table, columns: Columns, agreed: Conventions, amounts: np.ndarray
) -> dict[str, pa.Array | np.ndarray]:
    """Those of `ORDER_ATTRIBUTES` that the source has, one value a row; `amounts` are what was paid for each line."""
    found: dict[str, pa.Array | np.ndarray] = {}
    if columns.country is not None:
        found["country"] = _texts(rows[columns.country], "country")
    if columns.channel is not None:
        found["channel"] = _texts(rows[columns.channel], "channel")
    if columns.discount is not None:
        found["discount"] = discounts(rows[columns.discount], agreed.decimal, agreed.discount, amounts)
    return found


def one_spelling(text: str, role: str) -> str | None:
    """The one way to write a country or a channel, told from the text alone; None where it says nothing.

    >>> [one_spelling(text, "country") for text in ("GERMANY", " united  kingdom", "de", "Unspecified")]
    ['Germany', 'United Kingdom', 'DE', None]
    >>> one_spelling("Google Ads", "channel")
    'google ads'
    """
    plain = " ".join(text.split())[:LONGEST_TEXT].strip()
    if not plain or plain.lower() in UNKNOWN:
        return None
    if role == "channel":
        return plain.lower()
    return plain.upper() if len(plain) <= LONGEST_CODE else string.capwords(plain)


def _texts(column: pa.ChunkedArray, role: str) -> pa.Array:
    values, positions = distinct(column)
    told = [None if text is None else one_spelling(text, role) for text in as_text(values).to_pylist()]
    return spread(pa.array(told, pa.string()), positions)
