"""A zoo of malformed files, each through the public door: a result, or one clear error and nothing written."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # has no types
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.cli.main import main
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.order_lines import read_order_lines
from foretell.customer_log.recognition.conventions import Reading
from foretell.customer_log.recognition.preview import preview
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
HEAD = "customer_id,date,amount\n"
ROWS = "".join(f"{i % 7},2024-0{i % 9 + 1}-1{i % 9},{i}.50\n" for i in range(30))
GOOD = (HEAD + ROWS).encode()


@dataclass(frozen=True)
class Refused:
    """The file is refused: the sentence holds `what`, and the error knows these parts."""

    what: str
    line: int | None = None
    column: str | None = None
    hint: bool = True


@dataclass(frozen=True)
class Readable:
    """So many lines come out of it, rows rejected for these reasons, in order, and sales that name nobody."""

    lines: int
    reasons: tuple[str, ...] = ()
    nameless: int = 0


Content = bytes | str | dict[str, bytes]
ZOO: dict[str, tuple[str, Callable[[], Content], Refused | Readable]] = {}


def animal(
    name: str, file: str, expected: Refused | Readable
) -> Callable[[Callable[[], Content]], Callable[[], Content]]:
    """Puts what makes a file into the zoo."""

    def keep(content: Callable[[], Content]) -> Callable[[], Content]:
        ZOO[name] = (file, content, expected)
        return content

    return keep


def plain(name: str, content: bytes | str, expected: Refused | Readable, file: str = "orders.csv") -> None:
    """Puts a file of that content into the zoo."""
    ZOO[name] = (file, lambda: content, expected)


NOT_TEXT = Refused("not text", line=1)
plain("empty", b"", Refused("empty", hint=False))
plain("blank lines only", b"\n\n  \n", Refused("empty", hint=False))
plain("byte order mark only", b"\xef\xbb\xbf", Refused("empty", hint=False))
plain("header only", HEAD, Refused("no rows", hint=False))
plain("zero bytes", bytes(500), Refused("zero bytes", hint=False))
plain("random bytes", bytes(range(256)) * 20, NOT_TEXT)
plain("zeros inside the text", GOOD.replace(b"2024-03-12", b"2024\x00-12", 1), Refused("not text", line=4))
plain("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), Refused("a picture"))
plain("a PDF document", b"%PDF-1.7\n" + bytes(100), Refused("a PDF"))
plain("a database", b"SQLite format 3\x00" + bytes(100), Refused("SQLite"))
plain("a pickle", b"\x80\x04\x95\x10" + bytes(30), Refused("pickle"))
plain("a web page", "<!DOCTYPE html><html><body>Sign in</body></html>", Refused("web page"))
plain("a feather file", b"ARROW1\x00\x00" + bytes(50), Refused("Feather"))
plain("Zstandard", b"\x28\xb5\x2f\xfd" + bytes(50), Refused("Zstandard"))
plain("one JSON list", '[{"customer_id": 1}]', Refused("one JSON list"))
plain("JSON that is cut off", '{"customer_id": 1, "date"', Refused("no JSON objects", line=1))
plain("no header", ROWS, Refused("not a header", line=1))
plain("one row without header", "17850,2024-01-01,5\n", Refused("not a header", line=1))
plain("lines above what is no header", f"Orders of the shop\n\n{ROWS}", Refused("above the header", line=1))
plain("two columns of one name", HEAD.replace("amount", "date") + ROWS, Refused("same name", line=1, column="date"))
plain("no customer column", "day,date,amount\n1,2024-01-13,5\n", Refused("identifies the customer"))
plain("no date column", "customer_id,amount\n1,5\n", Refused("time of the order"))
plain("no amount column", "customer_id,date\n1,2024-01-13\n", Refused("amount"))
plain("two amounts", "customer_id,date,net_amount,gross_amount\n1,2024-01-13,5,6\n", Refused("More than one column"))
plain("dates that can be two days", HEAD + "1,01/02/2024,5\n2,03/04/2024,6\n", Refused("can be read as", column="date"))
plain(
    "dates in two orders", HEAD + "1,13/02/2024,5\n2,02/13/2024,6\n" * 5, Refused("more than one order", column="date")
)
plain("both decimal signs", "customer_id;date;amount\n1;2024-01-13;1,5\n2;2024-01-13;1.5\n", Refused("decimal comma"))
plain("a thousand or one and a bit", HEAD + "1,2024-01-13,1.234\n", Refused("1.234"))
plain(
    "two currencies",
    "customer_id,date,amount,currency\n1,2024-01-13,5,EUR\n2,2024-01-13,5,USD\n",
    Refused("currencies", column="currency"),
)
plain("gzip, cut off", gzip.compress(GOOD * 50)[:-20], Refused("cut off"), "orders.csv.gz")
plain("gzip, damaged", gzip.compress(GOOD)[:20] + b"damaged" * 20, Refused("cannot be read"), "orders.csv.gz")
plain("a zip cut off", b"PK\x03\x04" + bytes(100), Refused("damaged or cut off"), "orders.xlsx")
plain("Parquet, only its first bytes", b"PAR1" + bytes(100), Refused("damaged or cut off"), "orders.parquet")
plain("an old Excel file, damaged", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Refused("damaged"), "orders.xls")
plain("only hidden files", GOOD, Refused("holds no files", hint=False), "folder/.orders.csv")

plain("one row", HEAD + "1,2024-01-13,5", Readable(1))
plain("one customer", HEAD + "7,2024-01-13,5\n" * 9, Readable(9))
plain("all on one day", HEAD + "".join(f"{i},2024-01-13,5\n" for i in range(9)), Readable(9))
plain("Windows line ends", GOOD.replace(b"\n", b"\r\n"), Readable(30))
plain("old Mac line ends", GOOD.replace(b"\n", b"\r"), Readable(30))
plain("UTF-16", GOOD.decode().encode("utf-16"), Readable(30))
plain("UTF-16 without a mark", GOOD.decode().encode("utf-16-le"), Readable(30))
plain("UTF-8 with a mark", b"\xef\xbb\xbf" + GOOD, Readable(30))
plain("Windows-1252", GOOD.replace(b"customer_id", "Käufer customer id".encode("cp1252")), Readable(30))
plain("a few bad bytes", GOOD.replace(b"\n3,", b"\n3\xff,"), Readable(30))
plain("semicolons and decimal commas", GOOD.replace(b",", b";").replace(b".", b","), Readable(30))
plain("tabs", GOOD.replace(b",", b"\t"), Readable(30))
plain("bars", GOOD.replace(b",", b"|"), Readable(30))
plain("the directive sep=", b"sep=,\n" + GOOD, Readable(30))
plain("a delimiter at the end of each line", GOOD.replace(b"\n", b",\n"), Readable(30))
plain(
    "everything quoted",
    b"\n".join(b",".join(b'"' + c + b'"' for c in row.split(b",")) for row in GOOD.split()),
    Readable(30),
)
plain("a short row", GOOD + b"1,2024-01-13\n", Readable(30, ("2 cells where the header has 3",)))
plain("a long row", GOOD + b"1,2024-01-13,5,6,7\n", Readable(30, ("5 cells where the header has 3",)))
plain("a quote never closed", GOOD + b'1,"2024-01-13,5\n' + ROWS.encode(), Readable(60, ("a quote is never closed",)))
plain("a last line cut off", GOOD + b"1,2024-0", Readable(30, ("2 cells where the header has 3",)))
plain("the header once more", GOOD + GOOD, Readable(60, ("not a date",)))
plain("a total at the end", GOOD + b"Total,,435\n", Readable(30, ("no date",)))
plain("customers missing", GOOD + b",2024-01-13,5\nNULL,2024-01-13,5\n", Readable(30, nameless=2))
plain("dates in 2999", GOOD + b"1,2999-01-13,5\n", Readable(30, ("placeholder date",)))
plain("a day that has not come", GOOD + b"1,2029-01-13,5\n", Readable(30, ("in the future",)))
plain("dates of 1900", GOOD + b"1,1900-01-01,5\n", Readable(30, ("placeholder date",)))
plain("days that are not", GOOD + b"1,2024-02-30,5\n1,0000-00-00,5\n", Readable(30, ("not a date",) * 2))
plain(
    "amounts that are none",
    GOOD + b"1,2024-01-13,free\n1,2024-01-13,nan\n1,2024-01-13,inf\n",
    Readable(30, ("not a number", "no amount", "not a finite number")),
)
plain(
    "amounts too large",
    GOOD + b"1,2024-01-13,1e300\n1,2024-01-13,99999999999999\n",
    Readable(30, ("the number is too large",) * 2),
)
plain("zeros and refunds", GOOD + b"1,2024-01-13,0\n1,2024-01-13,-5\n1,2024-01-13,(5)\n", Readable(33))
plain("lines above the header", f"Orders of the shop\n\n{HEAD}{ROWS}", Readable(30))
plain("padded lines above the header", f"Orders of the shop,,\n,,\n{HEAD}{ROWS}", Readable(30))
plain("blank lines between", GOOD.replace(b"\n", b"\n\n"), Readable(30))
plain("mixed offsets", GOOD + b"1,2024-03-31T02:30:00+02:00,5\n1,2024-03-31T02:30:00Z,5\n", Readable(32))
plain(
    "a cell of ten megabytes",
    HEAD.replace("\n", ",remark\n") + "1,2024-01-13,5," + "x" * (10 << 20) + "\n2,2024-01-13,5,y\n",
    Readable(2),
)
plain(
    "two thousand columns",
    "customer_id,date,amount," + ",".join(f"c{i}" for i in range(2000)) + "\n1,2024-01-13,5" + ",0" * 2000 + "\n",
    Readable(1),
)
plain(
    "JSON lines with broken ones",
    '{"customer_id": 1, "date": "2024-01-13", "amount": 5}\n'
    '{"customer_id": 1,\n[1]\nnull\n\n{"customer_id": 2, "date": "2024-01-13"}\n',
    Readable(1, ("not a JSON object",) * 3 + ("no amount",)),
    "orders.jsonl",
)
plain("formulas that a spreadsheet would run", GOOD + b"=cmd|' /C calc'!A0,2024-01-13,5\n", Readable(31))


def workbook(*rows: tuple[object, ...], name: str = "orders") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(list(row))
    book.create_sheet("notes").append(["not", "orders"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


ORDERS = pa.table({"customer_id": [1, 2, None], "date": [date(2024, 1, 13)] * 3, "amount": [5.0, 6.0, 7.0]})


@animal("Parquet, cut off", "orders.parquet", Refused("damaged or cut off"))
def _() -> Content:
    return parquet(ORDERS)[:-30]


@animal("Parquet with two columns of one name", "orders.parquet", Refused("same name", column="a"))
def _() -> Content:
    return parquet(pa.table([[1], [2]], names=["a", "a"]))


@animal("Parquet with missing values", "orders.parquet", Readable(2, nameless=1))
def _() -> Content:
    return parquet(ORDERS)


@animal("Parquet with infinite amounts", "orders.parquet", Readable(1, ("not a finite number", "no amount")))
def _() -> Content:
    odd = pa.table(
        {"customer_id": ["a", "b", "c"], "date": [date(2024, 1, 13)] * 3, "amount": [5.0, float("inf"), float("nan")]}
    )
    return parquet(odd)


@animal("Parquet without rows", "orders.parquet", Refused("no rows", hint=False))
def _() -> Content:
    return parquet(ORDERS.slice(0, 0))


@animal("Excel with errors and formulas", "orders.xlsx", Readable(1, ("no amount", "not a date")))
def _() -> Content:
    return workbook(
        ("customer_id", "date", "amount"),
        (1, datetime(2024, 1, 13), 5),
        (2, datetime(2024, 1, 13), "#REF!"),
        (3, "soon", 5),
    )


@animal("Excel without a header", "orders.xlsx", Refused("not a header", line=1))
def _() -> Content:
    return workbook((1, datetime(2024, 1, 13), 5), (2, datetime(2024, 1, 14), 5))


@animal("Excel with a title above", "orders.xlsx", Readable(1))
def _() -> Content:
    return workbook(("Orders of the shop",), ("customer_id", "date", "amount"), (1, datetime(2024, 1, 13), 5))


@animal("an empty workbook", "orders.xlsx", Refused("empty", hint=False))
def _() -> Content:
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@animal("Excel, cut off", "orders.xlsx", Refused("damaged or cut off"))
def _() -> Content:
    return workbook(("customer_id", "date", "amount"), (1, datetime(2024, 1, 13), 5))[:-200]


@animal("a zip of CSV files", "orders.zip", Refused("zip archive"))
def _() -> Content:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("orders.csv", GOOD)
    return stream.getvalue()


@animal("files of a folder that differ in their columns", "folder", Refused("not in the file", column="amount"))
def _() -> Content:
    return {"a.csv": GOOD, "b.csv": GOOD.replace(b"amount", b"remark")}


@animal("a folder of a good and an empty file", "folder", Refused("empty", hint=False))
def _() -> Content:
    return {"a.csv": GOOD, "b.csv": b""}


@animal("a folder in two formats", "folder", Readable(32, nameless=1))
def _() -> Content:
    return {"a.csv": GOOD, "b.parquet": parquet(ORDERS), ".hidden": b"\x00", "_SUCCESS": b""}


def put(name: str, folder: Path) -> Path:
    """The animal in its cage: the path to give to the door."""
    file, content, _ = ZOO[name]
    made = content()
    files = {f"{file}/{inner}": data for inner, data in made.items()} if isinstance(made, dict) else {file: made}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder / file.split("/")[0]


REFUSED = [name for name, (*_, expected) in ZOO.items() if isinstance(expected, Refused)]
READABLE = [name for name, (*_, expected) in ZOO.items() if isinstance(expected, Readable)]


def test_the_zoo_is_large() -> None:
    assert len(ZOO) >= 60


@pytest.mark.parametrize("name", READABLE)
def test_a_readable_file_loses_no_row_in_silence(name: str, tmp_path: Path) -> None:
    expected = ZOO[name][2]
    assert isinstance(expected, Readable)
    files = source_files([put(name, tmp_path)])
    seen = preview(files, Reading("UTC", NOW))
    assert seen.conventions is not None
    batches = list(read_order_lines(files, seen.guess.columns(), seen.conventions, "UTC", NOW))
    assert sum(batch.lines.num_rows for batch in batches) == expected.lines
    rejected = [row for batch in batches for row in batch.rejected.sort_by("line").to_pylist()]
    assert tuple(row["reason"] for row in rejected) == expected.reasons
    assert all(row["file"] and row["line"] >= 1 for row in rejected)
    apart = [row for batch in batches for row in batch.left_out.to_pylist()]
    assert sum(row["rows"] for row in apart) == expected.nameless
    assert sum(batch.rows_read for batch in batches) == expected.lines + len(rejected) + expected.nameless


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_gives_one_clear_error_and_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = ZOO[name][2]
    assert isinstance(expected, Refused)
    path = put(name, tmp_path)
    workplace = tmp_path / "work"
    workplace.mkdir()
    monkeypatch.chdir(workplace)
    monkeypatch.setattr(sys, "argv", ["foretell", "run", str(path), "--yes", "--out", str(workplace / "out")])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert expected.what in said
    assert "Traceback" not in said
    assert "hint:" in said or not expected.hint
    assert expected.line is None or f"line {expected.line}" in said
    assert expected.column is None or f"column {expected.column}" in said
    assert list(workplace.rglob("*.*")) == []
