from __future__ import annotations

from collections import defaultdict

from hypothesis import given, settings

from foretell.customer_log.folding import folded
from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.line_order import in_line_order
from made_lines import LINES, table


@settings(max_examples=60)
@given(LINES)
def test_parts_are_those_of_a_loop(rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC").lines
    groups = defaultdict(list)
    for line in lines.to_pylist():
        groups[line["customer_key"], line["order_key"], line["visible_day"]].append(line)
    parts = folded(in_line_order(lines)).to_pylist()
    assert len(parts) == len(groups)
    for part in parts:
        own = groups[part["customer_key"], part["order_key"], part["visible_day"]]
        assert part["happened_at"] == min(line["happened_at"] for line in own)
        known_at = max(line["happened_at"] + line["known_after"] for line in own)
        assert part["happened_at"] + part["known_after"] == known_at
        assert part["amount"] == sum(line["amount"] for line in own)
        assert part["units"] == sum(line["units"] for line in own)
        assert (part["lines"], part["taken_back"]) == (len(own), sum(max(-line["amount"], 0) for line in own))
    order = [tuple(p[name] for name in ("customer_key", "happened_at", "order_key", "known_after")) for p in parts]
    assert order == sorted(order)
