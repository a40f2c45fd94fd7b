"""Exports are known by their header rows, whatever else stands there; nothing is read otherwise for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.vendors import KnownExport, export_seen, known_exports, said_of

OTHERS = st.lists(st.text(min_size=1, max_size=12), max_size=8)


@given(st.sampled_from(known_exports()), OTHERS, st.randoms())
def test_an_export_is_known_in_any_order_among_other_columns(
    export: KnownExport, others: Sequence[str], shuffled: object
) -> None:
    names = [*export.columns, *others]
    shuffled.shuffle(names)  # type: ignore[attr-defined]
    found = export_seen(names)
    assert found is not None
    assert len(found.columns) >= len(export.columns)


@pytest.mark.parametrize("export", known_exports(), ids=lambda export: export.name)
def test_each_is_told_by_several_columns_and_says_one_thing(export: KnownExport) -> None:
    assert export_seen(export.columns) == export
    assert len(export.columns) >= 4
    assert said_of(export.columns) == [f"this looks like {export.name}: {export.note}"]
    assert export_seen(export.columns[1:]) != export


def test_a_header_of_no_known_export_says_nothing() -> None:
    assert said_of(["customer", "date", "amount", "status"]) == []
