"""A row of totals begins with a word for one."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.customer_log.layout.total_rows import are_totals


@pytest.mark.parametrize("word", ["Total", "TOTAL", "Grand total", "Subtotal", "Sub-total Ada", "Summe", "Gesamtsumme",
                                  "Zwischensumme", "Sous-total", "Suma", "Totale", "Totaal"])  # fmt: skip
def test_words_for_totals(word: str) -> None:
    assert are_totals(np.array([["", word, "5"], [word, "", ""]], object)).tolist() == [True, True]


@pytest.mark.parametrize("word", ["Totally Tea", "Summer mug", "Ada", "Gesamtschule", ""])
def test_words_that_only_begin_alike(word: str) -> None:
    assert not are_totals(np.array([[word, "x"]], object)).any()
