"""Dates and decimal signs are decided by evidence, and asked for where there is none."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Conventions, Reading, conventions
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
COLUMNS = Columns("customer", "time", amount="amount")
Write = Callable[..., Path]


def decide(path: Path, **known: object) -> Conventions:
    return conventions(source_files([path]), COLUMNS, Reading("UTC", NOW, **known))  # type: ignore[arg-type]


def content(*rows: tuple[str, str]) -> str:
    return "customer;time;amount\n" + "".join(f"1;{time};{amount}\n" for time, amount in rows)


def test_one_day_above_twelve_decides(write: Write) -> None:
    assert decide(write(content(("05/06/2011", "1"), ("25/06/2011", "1")))).date_order == "dmy"
    assert decide(write(content(("05/06/2011", "1"), ("06/25/2011", "1")))).date_order == "mdy"
    assert decide(write(content(("2011-06-25", "1,5")))) == Conventions(
        None, ",", ("numbers are written with a decimal comma",)
    )


def test_what_cannot_be_told_is_asked_with_the_line_to_add(write: Write) -> None:
    path = write(content(("05/06/2011", "1"), ("06/05/2011", "1")))
    with pytest.raises(InputError) as caught:
        decide(path)
    assert 'date_order = "dmy" or date_order = "mdy"' in (caught.value.hint or "")
    assert decide(path, date_order="mdy").date_order == "mdy"


def test_a_thousand_or_one_and_a_bit_is_asked(write: Write) -> None:
    path = write(content(("2011-06-12", "1.234")))
    with pytest.raises(InputError, match=r"1\.234"):
        decide(path)
    assert decide(path, decimal=",").decimal == ","


def test_two_orders_are_refused_but_a_little_dirt_is_not(write: Write) -> None:
    many = [("25/06/2011", "1")] * 99
    assert decide(write(content(*many, ("06/25/2011", "1")))).date_order == "dmy"
    with pytest.raises(InputError, match="more than one order"):
        decide(write(content(*many, *[("06/25/2011", "1")] * 50)))


def test_two_decimal_signs_are_refused(write: Write) -> None:
    with pytest.raises(InputError, match="decimal comma"):
        decide(write(content(("2011-06-12", "1,5"), ("2011-06-12", "1.5"))))


days = st.dates(date(2011, 1, 1), date(2011, 12, 28))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(days, min_size=1, max_size=30), st.lists(days, max_size=10), st.randoms())
def test_what_is_known_after_the_cutoff_decides_nothing(
    write: Write, before: list[date], after: list[date], shuffle: random.Random
) -> None:
    as_of = parse_day("2012-01-01", "UTC")
    known = [(f"{day:%d/%m/%Y}", "1") for day in before]
    future = [(f"{day:%d/%m}/2013", "1,5") for day in after]

    def told(rows: list[tuple[str, str]]) -> str | None:
        try:
            return decide(write(content(*rows)), as_of=as_of).date_order
        except InputError as error:
            return error.hint

    mixed = known + future
    shuffle.shuffle(mixed)
    assert told(known) == told(mixed)


def test_no_rows_is_an_error(write: Write) -> None:
    with pytest.raises(InputError, match="no rows"):
        decide(write("customer,time,amount\n"))


@pytest.mark.parametrize(
    ("name", "values", "form"),
    [
        ("discount", ("0.1", "0", "0.25"), "share"),
        ("discount", ("1", "0", ""), "money"),
        ("discount", ("4.50", "0.5", "12"), "money"),
        ("discount", ("10%", "20 %", "0"), "money"),
        ("Discount %", ("10", "0", "20"), "percent"),
        ("rabatt_prozent", ("10", "0", "0.5"), "percent"),
        ("discount_pct", ("0.1", "0.2", "0"), "share"),
    ],
)
def test_what_a_discount_is_told_in(name: str, values: tuple[str, ...], form: str, write: Write) -> None:
    rows = "".join(f"1,2024-01-02,5.5,{value}\n" for value in values)
    path = write(f"customer,time,amount,{name}\n{rows}")
    columns = Columns("customer", "time", amount="amount", discount=name)
    found = conventions(source_files([path]), columns, Reading("UTC", NOW))
    assert found.discount == form
    assert any(name in note for note in found.notes) == (form != "money")
