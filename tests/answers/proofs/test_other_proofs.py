"""Further proofs: the tables say what the proofs say."""

from __future__ import annotations

from dataclasses import replace

from changed_runs import changed
from foretell.answers.backtest import backtests
from foretell.answers.proofs.other_proofs import NEXT_ORDER_METRICS, ProofTable, other_proofs
from foretell.answers.published import RunOverHorizon
from foretell.forecasts.next_categories.candidates import OURS, SIDES
from foretell.forecasts.next_categories.proof import NEXT_CATEGORIES, CategoryProof, MeasuredLists
from foretell.forecasts.next_order.proof import NEXT_ORDER_MODEL
from foretell.words.wording import decimal


def test_the_next_order_is_told_beside_its_baselines(shop_main: RunOverHorizon) -> None:
    tables, proof = other_proofs(shop_main), shop_main.read(NEXT_ORDER_MODEL).proof
    assert tables[0].reason == proof.reason
    assert tables[0].columns == ("", *NEXT_ORDER_METRICS.values())
    row = next(row for row in tables[0].rows if row[0] == "BG/NBD")
    assert row[1] == decimal(proof.value("log_score", "bg_nbd"), 3)
    assert all(len(row) == len(one.columns) for one in tables for row in one.rows)


def test_the_backtest_tells_the_same_tables(shop_main: RunOverHorizon) -> None:
    assert backtests(shop_main.request.place)[0].further == other_proofs(shop_main)


def test_without_a_proof_of_categories_only_the_next_order_is_told(shop_main: RunOverHorizon) -> None:
    found = replace(shop_main.read(NEXT_CATEGORIES), proof=None)
    assert [table.question for table in other_proofs(changed(shop_main, {NEXT_CATEGORIES.name: found}))] == [
        "When is the next order?"
    ]


def test_what_is_bought_next_is_told_a_side_a_table(shop_main: RunOverHorizon) -> None:
    values = {
        ("either", OURS): 0.75,
        ("repeat", OURS): 0.5,
        ("repeat", "most recent"): 0.25,
        ("new", "most popular"): 0.125,
    }
    measured = tuple(MeasuredLists(*side, "mean_reciprocal_rank", value, 9, None) for side, value in values.items())
    proof = CategoryProof("products", dict.fromkeys(SIDES, OURS), {side: f"why {side}" for side in SIDES}, measured)
    found = replace(shop_main.read(NEXT_CATEGORIES), proof=proof)
    _, either, again, new = other_proofs(changed(shop_main, {NEXT_CATEGORIES.name: found}))
    assert either == ProofTable("What is bought next?", "why either", ("", "reciprocal rank"), ((OURS, ".750"),))
    assert again == ProofTable(
        "What is bought again?", "why repeat", ("", "reciprocal rank"), ((OURS, ".500"), ("most recent", ".250"))
    )
    assert new == ProofTable(
        "What is bought for the first time?", "why new", ("", "reciprocal rank"), (("most popular", ".125"),)
    )
