"""What a reader must know besides the numbers: warnings first, each remark only where its cause is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.answers.remarks import Remark, remarks
from foretell.customer_log.intake import INTAKE
from foretell.customer_log.recognition.rates import TURNED, TURNED_INTO
from foretell.customer_log.schema import LEFT_OUT
from foretell.examples.plan import PLAN
from foretell.project.intervals import days


def told(one: RunOverHorizon, **plan: Any) -> list[Remark]:
    return remarks(changed(one, {PLAN.name: replace(one.plan, **{"left_out_day": "", **plan})}))


def with_refusals(one: RunOverHorizon, *reasons: str, notes: tuple[str, ...] = ()) -> RunOverHorizon:
    """The run, had it read a hundred rows and refused some."""
    row = {"file": "orders.csv", "line": 2, "column": "sold_at", "value": None}
    rejected = pa.Table.from_pylist([{**row, "reason": one} for one in reasons], schema=one.intake.rejected.schema)
    load = replace(one.intake.loads[0], rows_read=100, rejected=len(reasons))
    intake = replace(one.intake, loads=(load,), rejected=rejected, notes=notes)
    return changed(one, {INTAKE.name: intake, PLAN.name: replace(one.plan, left_out_day="")})


def test_where_nothing_is_odd_nothing_is_said(shop_main: RunOverHorizon) -> None:
    assert told(shop_main) == []


def test_the_day_that_was_left_out_is_named(shop_main: RunOverHorizon) -> None:
    text = "The last day, 2024-08-27, looks incomplete and counts as not yet known."
    assert told(shop_main, left_out_day="2024-08-27") == [Remark(text)]


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 customer with refunds only is not scored."), (2, "2 customers with refunds only are")]
)
def test_who_only_returned_is_counted(shop_main: RunOverHorizon, count: int, said: str) -> None:
    [remark] = told(shop_main, survey=replace(shop_main.plan.survey, refund_only=count))
    assert remark.text.startswith(said)
    assert not remark.is_warning


def test_refused_rows_are_told_with_their_reasons(shop_main: RunOverHorizon) -> None:
    found = remarks(with_refusals(shop_main, "no date", "no amount", "no date", notes=("dates are day first.",)))
    assert [one.text for one in found] == [
        "3 of 100 rows could not be used (no date 2 and no amount 1): see rejected.parquet.",
        "Dates are day first.",
    ]


def test_money_that_was_turned_is_told(shop_main: RunOverHorizon) -> None:
    rows = [
        {"kind": kind, "reason": "USD", "order_id": "7", "rows": 1, "amount": amount}
        for kind, amount in ((TURNED, 2_000_000), (TURNED_INTO, 1_500_000))
    ]
    left_out = pa.Table.from_pylist(rows, schema=LEFT_OUT)
    run = changed(shop_main, {INTAKE.name: replace(shop_main.intake, left_out=left_out)})
    assert Remark("1 order, 200\xa0USD, is turned at .75 on the whole.") in remarks(run)


@pytest.mark.parametrize(("ahead", "said"), [(1, "1 row of them lies after today"), (2, "2 rows of them lie after")])
def test_days_that_have_not_come_ask_for_the_time_zone(shop_main: RunOverHorizon, ahead: int, said: str) -> None:
    found = remarks(with_refusals(shop_main, *["in the future"] * ahead))
    assert len(found) == 2
    assert found[1].text.startswith(said)
    assert "in UTC:" in found[1].text


def test_what_cannot_be_learned_is_a_warning_and_stands_first(shop_main: RunOverHorizon) -> None:
    [remark] = told(shop_main, serving=None, proving=None)
    assert remark.is_warning
    assert remark.text.startswith("Short history: nothing could be learned yet")
    serving, proving = shop_main.plan.serving, shop_main.plan.proving
    assert serving is not None
    assert proving is not None
    shorter: dict[str, Any] = {"serving": replace(serving, horizon_days=14, shortened_from=30)}
    shorter |= {"proving": replace(proving, horizon_days=7, shortened_from=30)}
    first, second, last = told(shop_main, **shorter, left_out_day="2024-08-27")
    assert "learned over 14 days and carried to 30" in first.text
    several = tuple(replace(serving, horizon_days=days) for days in (20, 15, 5))
    [over_several, *_] = told(shop_main, **shorter, several=several)
    assert "learned over 5 to 20 days and carried to 30" in over_several.text
    assert "the backtest covers 7 days, the log is too short to prove 30" in second.text
    assert [one.is_warning for one in (first, second, last)] == [True, True, False]


@pytest.mark.parametrize("later", [0, 1, 400])
def test_a_log_that_ended_long_before_is_doubted(shop_main: RunOverHorizon, later: int) -> None:
    found = told(shop_main, as_of=shop_main.plan.as_of + days(later))
    assert [one.is_warning for one in found] == [True] * (later == 400)
    if found:
        assert "The last order is 400 days before the date of this forecast" in found[0].text
