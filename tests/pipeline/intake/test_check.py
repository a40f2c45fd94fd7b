"""The intake alone: its figures and its sentences, without a run, and nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from foretell.answers.intake import intake_as_json
from foretell.customer_log.erasure.forgotten import BlockList
from foretell.pipeline.intake.check import checked_intake, intake_lines
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.progress import Silent

HEAD = "order_id,customer_id,date,amount,status,refunded_amount,currency\n"
ROWS = (
    "1,a,2024-01-05,10.50,paid,0,EUR\n2,b,2024-01-06,20.25,paid,5.25,EUR\n3,c,2024-01-07,7.00,failed,0,EUR\n"
    "4,,2024-01-08,3.00,paid,0,EUR\n5,a,2024-01-09,4.00,refunded,0,EUR\n6,d,never,4.00,paid,0,EUR\n"
)


def test_figures_and_sentences_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + ROWS)
    found, currency = checked_intake(request_for_files([path], tmp_path / "out"), None, Silent())
    assert currency == "EUR"
    told = intake_as_json(found)
    assert {name: told[name] for name in ("rows", "orders", "customers", "spend", "refunds")} == {
        "rows": 6, "orders": 2, "customers": 2, "spend": 25.5, "refunds": 5.25,
    }  # fmt: skip
    assert told["left_out"] == [
        {"reason": "failed", "rows": 1, "orders": 1, "spend": 7.0},
        {"reason": "refunded", "rows": 1, "orders": 1, "spend": 4.0},
    ]
    assert told["anonymous"] == {"orders": 1, "spend": 3.0}
    lines = [line.replace("\xa0", " ") for line in intake_lines(found, currency)]
    assert lines[0] == "2 orders of 2 customers, 25.50 EUR, 5.25 EUR of refunds taken off; 6 rows read."
    assert lines[1].startswith("Columns: customer = customer_id, time = date, amount = amount")
    assert "Left out, as no sale: 1 order failed, 7.00 EUR." in lines
    assert list(tmp_path.iterdir()) == [path], "nothing is kept"


def test_who_was_forgotten_is_left_out_of_a_look_at_the_files(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + ROWS)
    request = request_for_files([path], tmp_path / "out")
    request.place.state.mkdir(parents=True)
    BlockList(request.place.state).add(["a"], "")
    found, _ = checked_intake(request, None, Silent())
    told = intake_as_json(found)
    assert (told["customers"], told["forgotten"]) == (1, {"rows": 2, "customers": 1})


def test_what_cannot_be_told_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("who,date,amount\n" + "".join(f"k{n % 15},2024-01-0{n % 9 + 1},{n}.50\n" for n in range(30)))
    request = request_for_files([path], tmp_path / "out")
    asked: list[str] = []

    def first(text: str, options: Sequence[str]) -> str:
        asked.append(text)
        return options[0]

    found, _ = checked_intake(request, first, Silent())
    assert (found.orders, found.customers, len(asked)) == (30, 15, 1)
    with pytest.raises(InputError, match="Which column identifies the customer"):
        checked_intake(request, None, Silent())
