"""Where rows lack what they need, the column that is filled there is named, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.helpful_columns import helpful_columns
from foretell.customer_log.schema import REJECTED
from foretell.pipeline.intake.requests import request_for_files

COLUMNS = {"customer": "who", "time": "when", "amount": "sum"}


def rejected(column: str) -> pa.Table:
    rows = [{"file": "orders.csv", "line": n, "column": column, "value": "", "reason": "x"} for n in range(2, 12)]
    return pa.Table.from_pylist(rows, schema=REJECTED)


@pytest.mark.parametrize(
    ("column", "named", "option"),
    [
        ("who", "q1 in 100%", "--columns customer=q1,time=when,amount=sum"),
        ("when", "q2 in 100%", "--columns customer=who,time=q2,amount=sum"),
        ("sum", "q3 in 100%", "--columns customer=who,time=when,amount=q3"),
    ],
)
def test_values_decide(column: str, named: str, option: str, write: Callable[..., Path]) -> None:
    rows = "".join(f",,,+49 30 55500{n % 4},2025-01-{n + 1:02d},{n}.25,red\n" for n in range(10))
    path = write(f"who,when,sum,q1,q2,q3,colour\n{rows}")
    told, answer = helpful_columns(source_files([path]), COLUMNS, rejected(column), request_for_files([path], "out"))
    assert named in told
    assert answer == option


def test_without_one_nothing_is_said(write: Callable[..., Path]) -> None:
    path = write("who,when,sum,colour\n" + ",2025-01-01,5,red\n" * 10)
    request = request_for_files([path], "out")
    assert helpful_columns(source_files([path]), COLUMNS, rejected("who"), request) == ("", "")
    assert helpful_columns(source_files([path]), COLUMNS, REJECTED.empty_table(), request) == ("", "")
