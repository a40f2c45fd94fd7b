"""Rates from their files to the orders that they turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.answers.intake import assumed, intake_as_json
from foretell.customer_log.recognition.rate_files import rates_of, reading_of_orders
from foretell.pipeline.intake.check import checked_intake
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.project.request import Request, Source

COLUMNS = {"customer": "who", "time": "day", "order": "no", "amount": "paid", "currency": "cur", "refunded": "back"}
RATES = {"time": "day", "currency": "cur", "rate": "rate"}
ORDERS = """who,no,day,paid,cur,back
C1,1,2024-03-01,100,USD,
C1,2,2024-03-03,50,eur,
C2,3,2024-03-04,200,usd,20
C2,4,2024-03-05,10,£,
"""
DAYS = "day,cur,rate\n2024-02-28,USD,0.5\n2024-03-04,$US,9\n2024-03-04,US$,0.25\n2024-03-01,GBP,1.1234\n"


def request_of(write: Callable[..., Path], tmp_path: Path, rates: str, currency: str = "EUR") -> Request:
    request = request_for_files([write(ORDERS)], tmp_path / "out", columns=COLUMNS, currency=currency)
    return replace(request, sources=(*request.sources, Source((write(rates, "rates.csv"),), "rates", RATES)))


def test_orders_are_turned_at_the_rate_of_their_day(write: Callable[..., Path], tmp_path: Path) -> None:
    intake, currency = checked_intake(request_of(write, tmp_path, DAYS), None, Silent())
    turned = 100 * 0.5 + 50 + 200 * 0.25 + 10 * 1.1234
    assert (intake.orders, currency) == (4, "EUR")
    assert intake.refunds == 20 * 0.25
    assert intake.spend == pytest.approx(turned - intake.refunds, abs=1e-9)
    told = intake_as_json(intake)["turned"]
    assert told == [
        {"currency": "GBP", "orders": 1, "amount": 10.0, "into": 11.234},
        {"currency": "USD", "orders": 2, "amount": 300.0, "into": 100.0},
    ]
    assert "2 orders, 300\xa0USD, are turned at .333 on the whole" in assumed(intake)


def test_without_rates_a_second_currency_is_refused_with_the_way_out(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    request = request_for_files([write(ORDERS)], tmp_path / "out", columns=COLUMNS, currency="EUR")
    with pytest.raises(InputError, match="Mixed currencies") as refused:
        checked_intake(request, None, Silent())
    assert 'table = "rates"' in (refused.value.hint or "")
    assert rates_of(request) is None
    assert reading_of_orders(request).rates is None


def test_a_day_without_a_rate_is_an_error_that_names_it(write: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no rate") as refused:
        checked_intake(request_of(write, tmp_path, "day,cur,rate\n2024-03-02,USD,0.5\n"), None, Silent())
    assert refused.value.found == "GBP on 2024-03-05; USD on 2024-03-01"


@pytest.mark.parametrize(
    ("row", "column"),
    [("soon,USD,1", "day"), ("2024-03-01,USD,much", "rate"), ("2024-03-01,USD,0", "rate"), ("2024-03-01,,1", "cur")],
)
def test_a_row_that_is_no_rate_is_an_error(write: Callable[..., Path], tmp_path: Path, row: str, column: str) -> None:
    request = request_of(write, tmp_path, f"day,cur,rate\n2024-03-01,USD,0.5\n{row}\n")
    with pytest.raises(InputError, match="A rate cannot be used") as refused:
        rates_of(request)
    assert (refused.value.line, refused.value.column) == (3, column)


def test_two_rates_of_one_day_and_no_currency_of_the_answers_are_errors(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    twice = "day,cur,rate\n2024-03-01,USD,0.5\n2024-03-01,USD,0.5\n2024-03-01,usd,0.6\n"
    with pytest.raises(InputError) as refused:
        rates_of(request_of(write, tmp_path, twice))
    assert (refused.value.line, refused.value.found) == (4, "0.6 after 0.5, of one day")
    with pytest.raises(InputError, match="not said into which currency"):
        rates_of(request_of(write, tmp_path, DAYS, currency=""))
