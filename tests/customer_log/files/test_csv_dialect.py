"""Encoding, delimiter and header are told from the beginning of a file; what is no table is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.csv_dialect import DELIMITERS, Dialect, dialect_of
from foretell.customer_log.files.source_files import SourceFile
from foretell.project.errors import InputError

FILE = SourceFile(Path("orders.csv"), "orders.csv", "csv")
ROWS = (("customer", "sold at", "amount"), ("C1", "2024-01-02", "9.50"), ("Zoë", "2024-01-03", "10"))


def told(text: str, encoding: str = "utf-8") -> Dialect:
    return dialect_of(FILE, text.encode(encoding), whole=True)


def refused(text: str | bytes) -> InputError:
    with pytest.raises(InputError) as error:
        dialect_of(FILE, text if isinstance(text, bytes) else text.encode(), whole=True)
    assert error.value.file == "orders.csv"
    return error.value


@given(
    st.sampled_from([mark for mark in DELIMITERS if mark != "-"]),
    st.sampled_from(("\n", "\r\n", "\r")),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")),
)
def test_every_delimiter_line_end_and_encoding_is_told(delimiter: str, end: str, encoding: str) -> None:
    found = told("".join(delimiter.join(row) + end for row in ROWS), encoding)
    assert (found.delimiter, found.header, found.header_lines) == (delimiter, ROWS[0], 1)
    assert found.carriage_returns == (end == "\r")
    data = "".join(delimiter.join(row) + end for row in ROWS).encode(encoding)
    assert found.decoder().decode(data[found.mark :]).split(end)[2].split(delimiter)[0] == "Zoë"


def test_a_byte_that_is_not_utf_8_is_read_as_windows_1252() -> None:
    found = dialect_of(FILE, b"k\xfcnde,datum,betrag \x80\nZo\xc3\xab,2024-01-01,5\n", whole=True)
    assert found.header == ("künde", "datum", "betrag €")
    assert found.decoder().decode(b"Zo\xeb \x81 Zo\xc3\xab", True) == "Zoë \x81 Zoë"


def test_blank_lines_and_a_named_delimiter_above_the_header_are_passed_over() -> None:
    found = told("sep=;\r\n\r\n \ncustomer;paid, in euros\nC1;1,50\n")
    assert (found.delimiter, found.header, found.header_lines) == (";", ("customer", "paid, in euros"), 4)


def test_a_header_in_quotes_may_go_over_several_lines() -> None:
    found = told('customer,"sold\nat",amount\nC1,2024-01-01,5\n')
    assert (found.header, found.header_lines) == (("customer", "sold\nat", "amount"), 2)


def test_a_column_without_a_name_is_counted_and_one_that_ends_every_row_is_added() -> None:
    assert told("customer,,amount\nC1,x,5\n").header == ("customer", "column 2", "amount")
    assert told("customer,amount\nC1,5,\nC2,6,\n").header == ("customer", "amount", "column 3")


def test_a_last_row_that_is_cut_off_says_nothing() -> None:
    head = b"customer;amount\nC1;5\nC2,6,7,8,9,10,11"
    assert dialect_of(FILE, head, whole=False).delimiter == ";"


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("Sales of May\n", 1),
        ("Sales of May,,\n,,\n", 2),
        ("Own Shop\nSales of May\n\n", 3),
        ('"May 1, 2024\nto May 31, 2024",,\n', 2),
    ],
)
def test_title_lines_above_the_header_are_left_out_and_told(above: str, lines: int) -> None:
    dialect = told(f"{above}customer,sold at,amount\nC1,2024-01-01,5\nC2,2024-01-02,6\n")
    assert dialect.header == ("customer", "sold at", "amount")
    assert dialect.header_lines == lines + 1
    assert "above the header" in dialect.titles


def test_lines_above_what_is_no_header_are_refused() -> None:
    error = refused("Sales of May\nC1,2024-01-01,5\nC2,2024-01-02,6\nC3,2024-01-02,6\n")
    assert (error.what, error.line, error.found) == ("There are lines above the header.", 1, "Sales of May")


def test_a_file_without_a_header_is_refused() -> None:
    error = refused("\nC1,2024-01-01,5\nC2,2024-01-02,6\n")
    assert (error.what, error.line, error.found) == ("The first line is not a header.", 2, "C1,2024-01-01,5")


def test_two_columns_of_one_name_are_refused() -> None:
    error = refused("customer,amount, amount\nC1,5,5\n")
    assert (error.what, error.line, error.column) == ("Two columns have the same name.", 1, "amount")


def test_what_is_empty_or_binary_is_refused() -> None:
    assert refused("\n \n").what == "The file is empty."
    error = refused(b"customer,amount\nC\x001,5\n")
    assert (error.what, error.line, error.found) == ("The file is not text.", 2, "the byte 0x00")
