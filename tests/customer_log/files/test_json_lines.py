"""JSON lines: each object a row of text cells, whatever else stands there a rejected row or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretell.customer_log.files import json_lines
from foretell.customer_log.files.json_lines import JsonLinesTable
from foretell.customer_log.files.source_files import SourceFile
from foretell.project.errors import InputError

Cells = list[tuple[int, dict[str, str | None]]]
OBJECTS = st.lists(
    st.none() | st.dictionaries(st.sampled_from(("customer", "amount")), st.text(max_size=4), min_size=1), max_size=6
)


def opened(path: Path) -> JsonLinesTable:
    return JsonLinesTable(SourceFile(path, path.name, "json_lines"))


def read(table: JsonLinesTable, skip: int = 0) -> tuple[Cells, list[tuple[int, str, str]]]:
    """Each row with its line, and each rejected row as line, value and reason."""
    found: Cells = []
    rejected = []
    for block in table.batches(table.column_names, skip):
        found += zip(block.lines.tolist(), block.rows.to_pylist(), strict=True)
        rejected += [(row["line"], row["value"], row["reason"]) for row in block.rejected.to_pylist()]
    return found, rejected


def test_cells_are_told_as_they_are_written(write: Callable[..., Path]) -> None:
    row = '{"customer": {"id": 17850, "vip": true}, "amount": 5.50, "tags": ["a", "é"], "note": null, "big": 1e400}'
    table = opened(write(row + '\n{"amount": "7"}\n'))
    assert table.column_names == ["customer.id", "customer.vip", "amount", "tags", "note", "big"]
    (first, second), rejected = read(table)
    told = ("17850", "true", "5.50", '["a", "é"]', None, "1e400")
    assert first == (1, dict(zip(table.column_names, told, strict=True)))
    assert second == (2, dict.fromkeys(table.column_names) | {"amount": "7"})
    assert rejected == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(OBJECTS, st.sampled_from((7, 1 << 20)))
def test_rows_do_not_depend_on_how_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objects: list[dict[str, str] | None], block: int
) -> None:
    monkeypatch.setattr(json_lines, "BLOCK_BYTES", block)
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join(["" if one is None else json.dumps(one) for one in (*objects, {"customer": "C1"})]))
    found, rejected = read(opened(path))
    wanted: list[tuple[int, dict[str, Any]]] = [(line, one) for line, one in enumerate(objects, 1) if one is not None]
    filled = [(line, {name: cell for name, cell in row.items() if cell is not None}) for line, row in found]
    assert filled == [*wanted, (len(objects) + 1, {"customer": "C1"})]
    assert rejected == []


def test_a_line_that_is_no_object_is_rejected_alone(write: Callable[..., Path]) -> None:
    found, rejected = read(opened(write('{"a": 1}\n[1, 2]\n{"a": \n\n{"a": 2}')))
    assert found == [(1, {"a": "1"}), (5, {"a": "2"})]
    assert rejected == [(2, "[1, 2]", "not a JSON object"), (3, '{"a": ', "not a JSON object")]


def test_what_was_read_before_is_left_unread_and_its_lines_are_counted(write: Callable[..., Path]) -> None:
    old = '{"a": 1}\n\n{"a": 2}\n'
    assert read(opened(write(old + '{"a": 3}\n')), len(old)) == ([(4, {"a": "3"})], [])


def test_a_byte_order_mark_and_old_code_pages_are_read(write: Callable[..., Path]) -> None:
    found, _ = read(opened(write(b'\xef\xbb\xbf{"name": "Zo\xeb"}\r\n')))
    assert found == [(1, {"name": "Zoë"})]


def test_a_file_without_an_object_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="The file holds no JSON objects") as refused:
        opened(write("\n[]\n7\n", "orders.jsonl"))
    assert (refused.value.line, refused.value.found) == (1, "line 2: not a JSON object")
    assert refused.value.hint == "jq -c . orders.jsonl > orders.jsonl"
