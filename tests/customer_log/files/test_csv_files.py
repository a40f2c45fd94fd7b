"""Delimited text in any dialect gives the same rows, and each row its line."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foretell.customer_log.files import csv_files
from foretell.customer_log.files.csv_files import CsvTable
from foretell.customer_log.files.source_files import source_files
from foretell.project.errors import InputError

NAMES = ["customer", "time", "amount", "remark"]
cells = st.text(st.sampled_from("abcé ñß09,;|\t\"'\n.-"), max_size=12)
rows = st.lists(
    st.tuples(st.sampled_from(["17850", "0001", "X-9"]), st.just("2011-06-12"), st.sampled_from(["5", "-1.5"]), cells),
    min_size=1,
    max_size=25,
)
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    }
)


def table(path: Path, skip: int = 0) -> tuple[list[tuple[str, ...]], list[int], list[dict[str, Any]]]:
    """Rows, lines and rejected rows of a file."""
    found, lines, rejected = [], [], []
    opened = CsvTable(source_files([path])[0])
    for block in opened.batches(opened.column_names, skip):
        found += [tuple(row.values()) for row in block.rows.to_pylist()]
        lines += block.lines.tolist()
        rejected += block.rejected.to_pylist()
    return found, lines, rejected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows,
    dialects,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]),
    st.sampled_from([64, 1 << 24]),
)
@example(
    rows=[("X-9", "2011-06-12", "5", ""), ("X-9", "2011-06-12", "5", '00"\n')],
    dialect={"delimiter": ",", "lineterminator": "\n", "quoting": csv.QUOTE_ALL},
    encoding="utf-16",
    block=64,
)
def test_every_dialect_gives_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    dialect: dict[str, Any],
    encoding: str,
    block: int,
) -> None:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows([NAMES, *rows])
    path = tmp_path_factory.mktemp("dialect") / "orders.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "BLOCK_BYTES", block)
        found, lines, rejected = table(path)
    assert rejected == []
    assert found == rows
    expected, line = [], 2
    for row in rows:
        expected.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    assert lines == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([7, 40, 1 << 20]))
def test_any_bytes_behind_a_header_are_rows_or_rejected_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, block: int
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "orders.csv"
    path.write_bytes(b"customer,time,amount\n17850,2011-06-12,5\n" + content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "BLOCK_BYTES", block)
        try:
            found, lines, rejected = table(path)
        except InputError as error:
            refused = error.file
        else:
            refused = None
    if refused:
        assert refused == str(path)
        return
    numbers = sorted(lines + [row["line"] for row in rejected])
    assert len(numbers) == len(set(numbers))
    assert len(found) == len(lines)


GOOD = b"customer,time,amount\n1,2011-06-12,5\n"


@pytest.mark.parametrize("block", [16, 1 << 24])
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2,2011-06-12", "2 cells where the header has 3"),
        (b"2,2011-06-12,5,6", "4 cells where the header has 3"),
        (b'2,"2011-06-12,5', "a quote is never closed"),
        (b'"2,2011-06-12,5', "a quote is never closed"),
    ],
)
def test_a_malformed_row_is_rejected_alone(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, block: int, row: bytes, reason: str
) -> None:
    monkeypatch.setattr(csv_files, "BLOCK_BYTES", block)
    path = write(GOOD + row + b'\n3,2011-06-13,"7"\n4,2011-06-14,8\n')
    found, lines, rejected = table(path)
    assert [row[0] for row in found] == ["1", "3", "4"]
    assert lines == [2, 4, 5]
    assert [(r["file"], r["line"], r["reason"]) for r in rejected] == [("orders.csv", 3, reason)]


@pytest.mark.parametrize(
    ("row", "cell"),
    [(b'5" nail', '5" nail'), (b'"a" b', "a b"), (b'""', ""), (b'"say ""hi"""', 'say "hi"'), (b'x"y"z', 'x"y"z')],
)
def test_stray_quotes_are_characters(write: Callable[..., Path], row: bytes, cell: str) -> None:
    found, _, rejected = table(write(b"a,b\n1," + row + b"\n2,plain\n"))
    assert rejected == []
    assert found == [("1", cell), ("2", "plain")]


def test_blank_lines_and_quoted_newlines_count_as_lines(write: Callable[..., Path]) -> None:
    _, lines, _ = table(write('a,b\n\n1,x\n\r\n2,"y\n\nz"\n3,w\n\n'))
    assert lines == [3, 5, 8]


def test_a_header_of_two_lines_and_a_directive(write: Callable[..., Path]) -> None:
    path = write('sep=;\n"the\ncustomer";b\n1;2\n')
    opened = CsvTable(source_files([path])[0])
    assert opened.column_names == ["the\ncustomer", "b"]
    assert table(path)[:2] == ([("1", "2")], [4])


@pytest.mark.parametrize(("pack", "ending"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_packed_files(write: Callable[..., Path], pack: Callable[[bytes], bytes], ending: str) -> None:
    assert table(write(pack(GOOD), f"orders.csv.{ending}"))[0] == [("1", "2011-06-12", "5")]


def test_a_few_bad_bytes_sink_neither_the_file_nor_the_umlauts(write: Callable[..., Path]) -> None:
    found, _, _ = table(write("a,b\nZoë,1\n".encode() + "Zoë,2\n".encode("cp1252") + b"Zo\x81,3\n"))
    assert [row[0] for row in found] == ["Zoë", "Zoë", "Zo\x81"]


def test_only_the_new_part_of_a_grown_file_is_read(write: Callable[..., Path]) -> None:
    old = GOOD + b'2,2011-06-13,"6"\n'
    found, lines, _ = table(write(old + b"3,2011-06-14,7\n"), skip=len(old))
    assert found == [("3", "2011-06-14", "7")]
    assert lines == [4]


def test_old_line_ends(write: Callable[..., Path]) -> None:
    assert table(write(GOOD.replace(b"\n", b"\r")))[:2] == ([("1", "2011-06-12", "5")], [2])


def test_a_cell_of_ten_megabytes(write: Callable[..., Path]) -> None:
    found, lines, _ = table(write(b'a,b\n1,"' + b"x" * (10 << 20) + b'"\n2,y\n'))
    assert [len(row[1]) for row in found] == [10 << 20, 1]
    assert lines == [2, 3]
