"""What the files of a run bring, as they stand now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foretell.answers.published import PublishedRun
from foretell.outcomes.monitoring.contract import Term, broken_terms
from foretell.pipeline.loop.contracts import brought
from shop import Rows, written


def over(run: PublishedRun, path: Path) -> PublishedRun:
    """The run, as if its orders stood in another file."""
    return replace(run, request=replace(run.request, sources=(replace(run.request.orders, files=(path,)),)))


def test_the_terms_of_orders(shop: Rows, shop_run: PublishedRun, tmp_path: Path) -> None:
    found = brought(over(shop_run, written(shop, tmp_path / "orders.csv")))
    assert found.columns == {"orders": tuple(shop[0])}
    assert Term("orders", "amount", "amount", "numbers") in found.terms
    assert Term("orders", "time", "sold_at", "dates") in found.terms
    assert Term("orders", "customer", "customer", "text") in found.terms
    assert Term("orders", "decimal sign", ".", "written") in found.terms


def test_a_renamed_column_and_one_of_words(shop: Rows, shop_run: PublishedRun, tmp_path: Path) -> None:
    agreed = {term.key: term for term in brought(over(shop_run, written(shop, tmp_path / "a.csv"))).terms}
    renamed = [{("total" if name == "amount" else name): value for name, value in row.items()} for row in shop]
    after = brought(over(shop_run, written(renamed, tmp_path / "b.csv")))
    assert [one.said for one in broken_terms(agreed, after.terms, after.columns)] == [
        "the column amount (amount) is gone"
    ]
    worded = [{**row, "sold_at": "some day"} for row in shop]
    after = brought(over(shop_run, written(worded, tmp_path / "c.csv")))
    assert [one.said for one in broken_terms(agreed, after.terms, after.columns)] == [
        "the column sold_at (time) holds text, it held dates"
    ]


def test_files_that_are_not_there_are_said(shop_run: PublishedRun, tmp_path: Path) -> None:
    found = brought(over(shop_run, tmp_path / "none.csv"))
    assert found.columns == {}
    assert (found.cannot, found.gone) == ({}, {"orders": "none.csv"})
