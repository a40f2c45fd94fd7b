from __future__ import annotations

from hypothesis import given

from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.versions.sketch import FEWEST_DOUBLED, Sketch, parity
from made_lines import LINES, table


@given(LINES, LINES)
def test_the_parity_of_doubled_lines_is_nothing(rows: list[dict[str, object]], more: list[dict[str, object]]) -> None:
    one, other, both = (parity(keyed(table(part), "UTC").lines) for part in (rows, more, [*rows, *more]))
    assert both == one ^ other
    assert parity(keyed(table([*rows, *rows]), "UTC").lines) == 0
    assert not rows or parity(keyed(table([rows[0]]), "UTC").lines) != 0


@given(LINES, LINES)
def test_a_sketch_is_the_same_however_the_lines_come(
    rows: list[dict[str, object]], more: list[dict[str, object]]
) -> None:
    in_parts, whole = Sketch(), Sketch()
    for part in (rows, more):
        in_parts.add(keyed(table(part), "UTC").lines)
    whole.add(keyed(table([*more, *rows]), "UTC").lines)
    assert in_parts == whole
    seen = [(int(str(row["happened_at"])), int(str(row["known_at"]))) for row in (*rows, *more)]
    assert whole.oldest_at == min((one for one, _ in seen), default=0)
    assert whole.newest_at == max((max(one) for one in seen), default=0)


def test_a_few_equal_lines_are_chance() -> None:
    row: dict[str, object] = {"customer_id": "a", "happened_at": 0, "known_at": 0, "amount": 5}
    for count, expected in ((FEWEST_DOUBLED, True), (FEWEST_DOUBLED - 2, False), (FEWEST_DOUBLED + 1, False)):
        sketch = Sketch()
        sketch.add(keyed(table([row] * count), "UTC").lines)
        assert sketch.is_doubled is expected
