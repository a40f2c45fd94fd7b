"""Rows that add up other rows, told by the word that they begin with."""

from __future__ import annotations

import re

import numpy as np

TOTAL = re.compile(
    r"(?i)^(?:grand |sub[- ]?)?total\b|^sub-?totals?\b|^(?:gesamt|zwischen|end)?summe\b|^gesamt(?:betrag|ergebnis)?\b|"
    r"^insgesamt\b|^(?:sous[- ]?)?total\b|^somme\b|^suma\b|^totale\b|^totaal\b|^subtotaal\b|^totais\b|^soma\b|^sum\b"
)


def are_totals(cells: np.ndarray) -> np.ndarray:
    """bool [rows]: whether the first filled cell of a row (texts, "" where empty) begins with a word for a total.

    >>> are_totals(np.array([["Total for Ada", ""], ["", "Zwischensumme"], ["Totally Tea", "x"]], object)).tolist()
    [True, True, False]
    """
    filled = cells != ""
    first = cells[np.arange(len(cells)), filled.argmax(axis=1)]
    return np.array([bool(TOTAL.match(cell)) for cell in first], bool)
