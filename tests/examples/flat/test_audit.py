"""What gives the answer away is found, what merely helps is not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from foretell.examples.flat.audit import Audit, audit, customer_among, looks_like_id
from foretell.examples.flat.columns import FlatColumn, flat_column
from foretell.examples.flat.label import label_of
from made_customers import made_customers

ROWS = 1000


def audited(table: pa.Table, keep: tuple[str, ...] = ()) -> Audit:
    label = label_of("churned", table["churned"])
    columns = [flat_column(n, table[n], ".", 2 * 10**15) for n in table.column_names if n != "churned"]
    return audit(columns, label.outcome, "churned = yes", keep)


@pytest.fixture(scope="module")
def customers() -> pa.Table:
    return made_customers(ROWS)


def churned(table: pa.Table) -> np.ndarray:
    return np.array([value == "yes" for value in table["churned"].to_pylist()])


def test_an_honest_table_is_learned_from_whole(customers: pa.Table) -> None:
    found = audited(customers.drop(["client"]))
    assert [column.name for column in found.kept] == ["tenure", "plan", "pay", "joined"]
    assert found.left_out == ()
    assert {finding.column for finding in found.doubtful} <= {"tenure"}


def planted(name: str, table: pa.Table) -> pa.Array:
    left = churned(table)
    random = np.random.default_rng(1)
    match name:
        case "score":
            return pa.array(left + random.normal(0, 0.2, len(left)))
        case "state":
            return pa.array(np.where(left, "gone", "here"))
        case "ended_on":
            return pa.array([f"2024-01-{n % 28 + 1:02d}" if gone else None for n, gone in enumerate(left)])
        case "why":
            told = left & (random.random(len(left)) < 0.3)
            return pa.array(["price" if said else None for said in told])
        case "fee":
            return pa.array(np.where(left & (random.random(len(left)) < 0.4), random.gamma(2, 9, len(left)), 0.0))
        case "last_call_duration":
            return pa.array(random.gamma(2, 60, len(left)) * np.where(left, 3.5, 1.0))
    raise ValueError(name)


@pytest.mark.parametrize("name", ["score", "state", "ended_on", "why", "fee", "last_call_duration"])
def test_a_give_away_is_found_and_told(customers: pa.Table, name: str) -> None:
    table = customers.drop(["tenure"]).append_column(name, planted(name, customers))
    found = audited(table)
    reasons = {finding.column: finding for finding in found.left_out}
    assert reasons[name].why == "answer"
    assert any(figure in reasons[name].reason for figure in ("AUROC", "rows"))
    assert {"plan", "pay", "joined"} <= {column.name for column in found.kept}


def test_a_rare_value_that_leaves_no_doubt_is_kept_but_doubtful() -> None:
    random = np.random.default_rng(0)
    left = random.random(4000) < 0.2
    products = np.where(left & (random.random(4000) < 0.05), 4, random.integers(1, 3, 4000))
    table = pa.table({"products": products, "churned": np.where(left, "yes", "no")})
    found = audited(table)
    assert [column.name for column in found.kept] == ["products"]
    assert "where it is 4" in found.doubtful[0].reason


def test_keep_keeps_it_and_says_so(customers: pa.Table) -> None:
    found = audited(customers.append_column("state", planted("state", customers)), keep=("state",))
    assert "state" in [column.name for column in found.kept]
    told = {finding.column: finding.reason for finding in found.doubtful}
    assert told["state"].startswith("kept as asked, although alone it tells")


def test_ids_constants_and_empty_columns_are_kept_out(customers: pa.Table) -> None:
    table = customers.append_column("shop", pa.array(["north"] * ROWS)).append_column("note", pa.nulls(ROWS))
    table = table.append_column("row number", pa.array(range(ROWS)))
    found = {finding.column: finding.why for finding in audited(table).left_out}
    assert found == {"client": "id", "shop": "constant", "note": "empty", "row number": "id"}


def test_whole_numbers_that_happen_to_differ_are_no_id() -> None:
    amounts = np.random.default_rng(0).choice(10**6, 300, replace=False)
    column = flat_column("balance", pa.chunked_array([pa.array(amounts)]), ".", 0)
    assert not looks_like_id(column)
    assert [c.name for c in audit([column], np.arange(300) % 2.0, "y").kept] == ["balance"]


@pytest.mark.parametrize("name", ["customerID", "customer_id", "id", "Client", "User Key"])
def test_names_of_ids_are_known(name: str) -> None:
    assert looks_like_id(flat_column(name, pa.chunked_array([pa.array(range(9))]), ".", 0))


def test_the_order_of_rows_does_not_change_what_is_found(customers: pa.Table) -> None:
    table = customers.append_column("state", planted("state", customers))
    backwards = table.take(np.arange(ROWS)[::-1])
    assert [f.reason for f in audited(table).left_out] == [f.reason for f in audited(backwards).left_out]


def columns_of(**values: list[object]) -> list[FlatColumn]:
    return [flat_column(name, pa.chunked_array([pa.array(column)]), ".", 0) for name, column in values.items()]


LONG = [700_000_003 + 97 * n for n in range(150)][::-1]


@pytest.mark.parametrize(
    ("table", "customer"),
    [
        ({"RowNumber": list(range(1, 151)), "CustomerId": LONG}, "CustomerId"),
        ({"RowNumber": list(range(1, 151)), "age": [n % 60 for n in range(150)]}, None),
        ({"customer_id": list(range(1, 151)), "age": [n % 60 for n in range(150)]}, "customer_id"),
        ({"CLIENTNUM": LONG, "Total": [n * 1.25 for n in range(150)]}, "CLIENTNUM"),
        ({"income": [n * 731 for n in range(150)]}, None),
        ({"CLIENTNUM": [*LONG[:149], None]}, None),
    ],
)
def test_the_customer_is_told_by_name_or_values_and_never_a_count_of_rows(
    table: dict[str, list[object]], customer: str | None
) -> None:
    assert customer_among(columns_of(**table)) == customer
