"""What is said of a standing approval."""

from __future__ import annotations

from foretell.cli.screen.action.standing import standing_lines
from foretell.pipeline.loop.standing import Standing


def test_how_to_take_it_back_stands_beside_it() -> None:
    one = Standing("hello", "crm@shop", 0, "")
    given, taken = "\n".join(standing_lines(one, True)), "\n".join(standing_lines(one, False))
    assert 'foretell act "hello" --stop' in given
    assert "crm@shop" in given
    assert "taken back" in taken
