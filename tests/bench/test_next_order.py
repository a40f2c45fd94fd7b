"""The bench of the next order: a log of one's own is measured, and the page says what was found."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
from bench.accuracy.logs import log_of
from bench.next_order.run import COLUMNS, MODELS, page, proved, section

from made_rhythms import rhythmic_customers


def test_a_log_is_proved_and_told() -> None:
    orders = [(who, day) for who, days in enumerate(rhythmic_customers(60, seed=2, end=200)) for day in days]
    when = [date(2023, 1, 1) + timedelta(days=int(day)) for _, day in orders]
    lines = pa.table({"who": [who for who, _ in orders], "when": pa.array(when), "paid": [9.5] * len(orders)})
    log = log_of("made", "A made log", lines, {"customer": "who", "time": "when", "amount": "paid"})
    proof = proved(log)
    told = section(log, proof)
    assert told.startswith("## made\n\nA made log. Days: 2023-")
    assert proof.reason in told
    for name in (*MODELS.values(), *(heading for heading, _ in COLUMNS.values())):
        assert name in told
    brier = proof.value("integrated_brier", next(iter(MODELS)))
    assert brier is not None
    assert f"{brier:.4f}" in told
    assert "nan" not in told
    assert told in page([told])
