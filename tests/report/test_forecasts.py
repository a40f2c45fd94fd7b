"""The first part of the report: headline numbers, lists and segments are those of the scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from changed_runs import changed
from foretell.answers.headline import at_stake
from foretell.answers.published import RunOverHorizon
from foretell.report.forecasts import (
    LEAVING_SHOWN,
    RISING_SHOWN,
    leaving,
    reasons_of,
    rising,
    risk_charts,
    segments,
    tiles,
)
from foretell.scores.customers import CUSTOMERS, SCORES
from foretell.scores.reasons import of_column
from foretell.words.wording import count


def with_columns(
    one: RunOverHorizon, scores: dict[str, Any], customers: dict[str, Any] | None = None
) -> RunOverHorizon:
    """The run with other values in some columns."""
    told, facts = one.scores, one.customers
    for name, values in scores.items():
        told = told.set_column(told.column_names.index(name), name, pa.array(values, told.schema.field(name).type))
    for name, values in (customers or {}).items():
        facts = facts.set_column(facts.column_names.index(name), name, pa.array(values, facts.schema.field(name).type))
    return changed(one, {SCORES.name: told, CUSTOMERS.name: replace(one.scored, table=facts)})


def test_tiles_hold_the_sums_of_the_scores(shop_main: RunOverHorizon) -> None:
    customers, orders, spend, stake = tiles(shop_main)
    scores = shop_main.scores
    active = int(shop_main.customers["active"].to_numpy().sum())
    assert (customers.figure, customers.beside) == ("120", f"{active} of them active, by their own rhythm")
    assert orders.figure == f"{scores['expected_orders'].to_numpy().sum():.0f}"
    assert spend.figure == count(scores["expected_spend"].to_numpy().sum())
    assert stake.figure == count(at_stake(shop_main).sum())


def test_the_leaving_are_those_with_most_at_stake(shop_main: RunOverHorizon) -> None:
    stake, rows = at_stake(shop_main), leaving(shop_main)
    order = np.argsort(-stake, kind="stable")[:LEAVING_SHOWN]
    ids = shop_main.scores["customer_id"].to_pylist()
    assert [row["customer_id"] for row in rows] == [ids[place] for place in order if stake[place] > 0]
    for row, place in zip(rows, order, strict=False):
        assert row["chance"] == pytest.approx(1 - shop_main.scores["p_purchase"][int(place)].as_py())
        assert row["stake"] == stake[place]
        assert row["segment"] == shop_main.scores["segment"][int(place)].as_py()
    nobody = with_columns(shop_main, {}, {"trailing_spend": [0.0] * len(ids)})
    assert leaving(nobody) == []


def test_the_rising_are_likeliest_first_and_nobody_where_all_are_alike(shop_main: RunOverHorizon) -> None:
    rows = rising(shop_main)
    chance = shop_main.scores["p_becomes_high_value"].to_numpy(zero_copy_only=False)
    asked = np.flatnonzero(np.isfinite(chance))
    ids = shop_main.scores["customer_id"].to_pylist()
    order = asked[np.argsort(-chance[asked], kind="stable")[:RISING_SHOWN]]
    assert [row["customer_id"] for row in rows] == [ids[place] for place in order]
    for alike in ([0.25] * len(ids), [None] * len(ids)):
        assert rising(with_columns(shop_main, {"p_becomes_high_value": alike})) == []


def test_charts_of_risk_count_the_active(shop_main: RunOverHorizon) -> None:
    names = [name for name, _ in risk_charts(shop_main)]
    assert names == ["Active customers", "Their spend of the last 30 days"]
    few = [place < 19 for place in range(len(shop_main.scores))]
    assert risk_charts(with_columns(shop_main, {}, {"active": few})) == []
    free = with_columns(shop_main, {}, {"trailing_spend": [0.0] * len(few)})
    assert [name for name, _ in risk_charts(free)] == ["Active customers"]


def test_segments_hold_everybody_once(shop_main: RunOverHorizon) -> None:
    rows = segments(shop_main)
    named = shop_main.scores["segment"].to_pylist()
    assert {row["name"]: row["customers"] for row in rows} == {name: named.count(name) for name in set(named)}
    assert all(row["meaning"] for row in rows)
    unknown = segments(with_columns(shop_main, {"segment": [None, "Ours", *named[2:]]}))
    assert {row["name"]: row["customers"] for row in unknown}["none"] == 1
    assert [row["meaning"] for row in unknown if row["name"] in ("Ours", "none")] == ["", ""]
    assert sum(row["customers"] for row in unknown) == len(named)


@pytest.mark.parametrize("way", [1, -1, 0])
def test_a_reason_points_one_way(shop_main: RunOverHorizon, way: int) -> None:
    given = next(own for own in of_column(shop_main.customers["reasons"]) if own)[0]
    (found,) = reasons_of([replace(given, way=way)], "EUR")
    assert found.way == {1: "up", -1: "down", 0: ""}[way]
    assert found.text
    assert reasons_of([], "EUR") == ()
