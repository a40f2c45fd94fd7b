"""Every row of a source becomes a fact or a rejected row, and a fact tells what its row told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.stable_keys import stable_keys
from foretell.customer_log.tables.facts import FactsBatch, read_facts
from foretell.customer_log.tables.registry import FactTable, Role
from foretell.project.intervals import days, parse_day

NOW = parse_day("2026-01-01", "UTC")
VISITS = FactTable("visits", (Role("pages", "number"), Role("page", "text", is_needed=True), Role("cost", "money")))
HEADER = "who,at,loaded,n,url,paid\n"
COLUMNS = {"customer": "who", "time": "at", "known_at": "loaded", "pages": "n", "page": "url", "cost": "paid"}
CELLS = st.tuples(
    st.sampled_from(("C1", "C2", "")),
    st.sampled_from(("2024-05-01 10:00", "2024-05-02 11:00", "soon", "")),
    st.sampled_from(("2024-05-03 00:00", "2024-04-01 00:00", "never", "")),
    st.sampled_from(("3", "0.5", "many", "")),
    st.sampled_from(("/home", "/basket", "")),
    st.sampled_from(("9.99", "x", "")),
)


def read(path: Path, **left_out: None) -> FactsBatch:
    columns = {role: column for role, column in COLUMNS.items() if role not in left_out}
    (batch,) = read_facts(source_files([path])[0], VISITS, columns, Conventions(), ("UTC", NOW))
    return batch


def test_a_fact_tells_what_its_row_told(write: Callable[..., Path]) -> None:
    batch = read(write(HEADER + "C1,2024-05-01 10:00,2024-05-03 10:00,2.5,/home,9.99\nC2,2024-05-02,,,/home,\n"))
    assert batch.facts.schema == VISITS.stored
    first, second = batch.facts.to_pylist()
    keys = stable_keys(pa.array(["C1", "C2"])).tolist()
    (code,) = batch.words["code"].unique().to_pylist()
    begin = parse_day("2024-05-01", "UTC")
    assert first == {
        "customer_key": keys[0],
        "happened_at": begin + days(10 / 24),
        "known_after": days(2),
        "pages": 2500,
        "page": code,
        "cost": 99_900,
    }
    told = (keys[1], begin + days(1), None, code, None)
    assert tuple(second[name] for name in ("customer_key", "happened_at", "pages", "page", "cost")) == told
    assert set(batch.words["text"].to_pylist()) == {"/home"}
    assert (batch.rows_read, batch.rejected.num_rows) == (2, 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(CELLS, min_size=1, max_size=15))
def test_a_row_is_a_fact_or_rejected_with_its_first_problem(
    write: Callable[..., Path], cells: list[tuple[str, ...]]
) -> None:
    batch = read(write(HEADER + "".join(",".join(row) + "\n" for row in cells)))
    reasons = {row["line"]: (row["column"], row["reason"]) for row in batch.rejected.to_pylist()}
    for line, (who, at, loaded, pages, page, cost) in enumerate(cells, 2):
        wrong = [
            column
            for column, is_wrong in (
                ("at", at in ("soon", "")), ("loaded", loaded == "never"), ("who", not who), ("n", pages == "many"),
                ("url", not page), ("paid", cost == "x"),
            )
            if is_wrong
        ]  # fmt: skip
        assert reasons.get(line, (None, ""))[0] == (wrong[0] if wrong else None)
    assert len(batch.facts) + len(batch.rejected) == batch.rows_read == len(cells)
    assert all(known >= 0 for known in batch.facts["known_after"].to_pylist())


def test_a_role_without_a_column_says_nothing(write: Callable[..., Path]) -> None:
    batch = read(write(HEADER + "C1,2024-05-01,,7,/home,5\n"), pages=None, cost=None, known_at=None)
    (fact,) = batch.facts.to_pylist()
    assert (fact["pages"], fact["cost"]) == (None, None)
