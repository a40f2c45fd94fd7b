"""A person's objection stands until that person takes it back, whatever others of the account grant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from foretell.customer_log.identities.holders import holders
from foretell.customer_log.identities.links import ALWAYS, LINKS, ONE_WHOLE, Links
from foretell.customer_log.identities.people import persons
from foretell.customer_log.identities.standing_objections import FACTS, standing_objections
from foretell.customer_log.schema import NEVER
from foretell.customer_log.stable_keys import code_of, stable_keys

Word = tuple[str, int, int, str]
NO, YES = "denied", "granted"


def links() -> Links:
    """Two people of a firm, one of whom has an address, and a third who comes at 50."""
    parts = [("Firm", "ann", ALWAYS, ONE_WHOLE), ("Firm", "bob", ALWAYS, ONE_WHOLE), ("Firm", "cid", 50, ONE_WHOLE)]
    rows = [(a, b, at, "k", most, "f", 2, "c") for a, b, at, most in [*parts, ("ann", "a@x.example", ALWAYS, 5)]]
    return Links.of(pa.table([[row[place] for row in rows] for place in range(len(LINKS))], schema=LINKS))


def told_again(words: Sequence[Word]) -> list[tuple[int, int, int]]:
    """Happened, known and gone of each objection that is told once more: all are the firm's."""
    columns: dict[str, object] = {name: [None] * len(words) for name in FACTS.names}
    columns |= {
        "customer_key": stable_keys(pa.array([who for who, *_ in words])),
        "happened_at": [at for _, at, _, _ in words],
        "known_after": [known - at for _, at, known, _ in words],
        "gone_at": [NEVER] * len(words),
        "use": [code_of("profiling")] * len(words),
        "standing": [code_of(standing) for *_, standing in words],
    }
    found = links()
    objections = standing_objections(pa.table(columns, schema=FACTS), persons(found), holders(found))
    assert objections.schema == FACTS
    rows = objections.to_pylist()
    assert {row["customer_key"] for row in rows} <= set(stable_keys(pa.array(["Firm"])).tolist())
    assert {row["standing"] for row in rows} <= {code_of(NO)}
    return sorted((row["happened_at"], row["happened_at"] + row["known_after"], row["gone_at"]) for row in rows)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("ann", 10, 10, NO), ("bob", 20, 20, YES)], [(20, 20, NEVER)]),
        ([("ann", 10, 10, NO), ("Firm", 20, 25, YES)], [(20, 25, NEVER)]),
        ([("ann", 10, 30, NO), ("Firm", 20, 20, YES)], [(20, 30, NEVER)]),
        ([("ann", 10, 10, NO), ("bob", 20, 20, YES), ("ann", 30, 40, YES)], [(20, 20, 40)]),
        ([("ann", 10, 10, NO), ("a@x.example", 20, 20, YES)], []),
        ([("ann", 10, 10, NO), ("ann", 20, 20, YES)], []),
        ([("bob", 10, 10, YES), ("ann", 20, 20, NO)], []),
        ([("cid", 10, 10, NO), ("Firm", 20, 20, YES)], [(20, 50, NEVER)]),
        ([("Firm", 10, 10, NO), ("ann", 20, 20, YES)], [(20, 20, NEVER)]),
    ],
)
def test_an_objection_is_told_once_more_at_each_grant_of_somebody_else(
    words: Sequence[Word], expected: list[tuple[int, int, int]]
) -> None:
    assert told_again(words) == expected


def test_the_order_of_rows_changes_nothing() -> None:
    random = np.random.default_rng(3)
    words: list[Word] = [
        (str(random.choice(["ann", "bob", "Firm"])), at, at + int(random.integers(0, 9)), (NO, YES)[at % 2])
        for at in range(9)
    ]
    assert told_again(words) == told_again(words[::-1]) != []
