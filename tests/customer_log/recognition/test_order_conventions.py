"""What a column of the day of the export says is known from its last moment on; states that nobody knows are asked."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.recognition.conventions import Conventions, Reading
from foretell.customer_log.recognition.order_conventions import UnknownStates, order_conventions
from foretell.customer_log.roles.states import parse_states
from foretell.customer_log.schema import NEVER, Columns
from foretell.project.intervals import midnight, parse_day

NOW = parse_day("2026-01-01", "UTC")
COLUMNS = Columns("who", "when", amount="paid", order="order", state="state")
HEAD = "order,who,when,paid,state,back\n"
Write = Callable[..., Path]


def agreed(path: Path, columns: Columns = COLUMNS, **given: object) -> Conventions:
    return order_conventions(source_files([path]), columns, Reading("UTC", NOW, **given))  # type: ignore[arg-type]


def rows(*states: str, back: str = "") -> str:
    return HEAD + "".join(f"{n},k{n},2024-03-{n % 28 + 1:02d},9.50,{state},{back}\n" for n, state in enumerate(states))


def test_the_export_is_of_its_last_sale(write: Write) -> None:
    path = write(rows("paid", "failed", "paid"))
    assert agreed(path).exported_at == midnight(date(2024, 3, 3), "UTC")
    assert agreed(path, Columns("who", "when", amount="paid")).exported_at == NEVER
    assert agreed(path, Columns("who", "when", amount="paid", refunded="back")).exported_at < NEVER


def test_states_that_nobody_knows_are_asked_with_an_answer_to_paste(write: Write) -> None:
    states = ["paid"] * 3 + ["it's odd, really"] * 2 + ["blue"] + ["green"] * 4
    with pytest.raises(UnknownStates) as caught:
        agreed(write(rows(*(f'"{state}"' for state in states))), states={"green": "none"})
    error = caught.value
    assert error.states == ("it's odd, really", "blue")
    assert error.found == "it's odd, really on 2 rows, blue on 1 row"
    option = shlex.split((error.hint or "").partition("or give: ")[2])
    assert parse_states(option[1]) == {"green": "none", "it's odd, really": "sale", "blue": "sale"}
    assert '"it\'s odd, really" = "sale"' in (error.hint or "")
    assert agreed(write(rows(*(f'"{state}"' for state in states))), states=parse_states(option[1])).states


def test_states_after_the_day_that_is_asked_do_not_speak(write: Write) -> None:
    path = write(rows("paid", "failed", "blue"))
    assert agreed(path, as_of=midnight(date(2024, 3, 3), "UTC")).exported_at == midnight(date(2024, 3, 3), "UTC")
    with pytest.raises(UnknownStates):
        agreed(path, as_of=midnight(date(2024, 3, 4), "UTC"))


@pytest.mark.parametrize(("backs", "of"), [(("5", "5"), "order"), (("5", ""), "line"), (("5", "2"), "line")])
def test_what_was_given_back_is_that_of_the_order_where_all_its_lines_show_it(
    write: Write, backs: tuple[str, str], of: str
) -> None:
    columns = Columns("who", "when", amount="paid", order="order", refunded="back")
    lines = "".join(f"{n},k,2024-03-01,9.50,,{back}\n" for n in range(8) for back in backs)
    assert agreed(write(HEAD + lines), columns).refunded_of == of
    assert agreed(write(HEAD + lines), columns, amount_of="order").refunded_of == "order"
