"""Further proofs: the tables say what the proofs say, and come back as they were kept."""

from __future__ import annotations

from pathlib import Path

from foretell.answers.other_proofs import NEXT_ORDER, keep_further_proofs, kept_further_proofs
from foretell.pipeline.columns import further_of
from foretell.pipeline.run import Outcome
from foretell.words.wording import decimal


def test_the_next_order_is_told_beside_its_baselines(shop_outcome: Outcome) -> None:
    table, proof = further_of(shop_outcome)[0], shop_outcome.next_orders
    assert table.reason == proof.reason
    assert table.columns == ("", *NEXT_ORDER.values())
    row = next(row for row in table.rows if row[0] == "BG/NBD")
    assert row[1] == decimal(proof.value("log_score", "bg_nbd"), 3)
    assert all(len(row) == len(table.columns) for one in further_of(shop_outcome) for row in one.rows)


def test_tables_come_back_as_they_were_kept(shop_outcome: Outcome, tmp_path: Path) -> None:
    tables = further_of(shop_outcome)
    keep_further_proofs([tables, []], tmp_path)
    assert kept_further_proofs(tmp_path, 2) == [tables, []]
    assert kept_further_proofs(tmp_path, 1) == [[]]
    assert kept_further_proofs(tmp_path / "nowhere", 1) == [[]]
