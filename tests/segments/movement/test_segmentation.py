"""The segments of a run: tables that add up, agree with each other and with the scores, on a shop and on tiny logs."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.pipeline.exports import every_measure
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.intervals import from_microseconds
from foretell.project.progress import Silent
from foretell.segments.movement.cut_points import BUILT_IN, CUTS
from foretell.segments.movement.proof import SEGMENT_PROOF
from foretell.segments.movement.segmentation import Scored, segmented
from foretell.segments.movement.sets import sets_of
from foretell.segments.movement.tables import MIGRATION, MOMENT, NEWCOMERS, snake
from foretell.segments.segment_set import SegmentSet
from shop import Rows, written

TEXT = pa.string()
FILES = {
    "memberships": {
        "customer_id": TEXT, "segment_set": TEXT, "segment": TEXT, "valid_from": MOMENT, "valid_to": MOMENT, "why": TEXT
    },
    "migration": {field.name: field.type for field in MIGRATION},
    "segment_forecast": {"customer_id": TEXT, "segment_set": TEXT, "segment": TEXT, "probability": pa.float64()},
}  # fmt: skip
EVERY_SET = pytest.mark.parametrize("group", BUILT_IN, ids=lambda group: group.name)


def table(main: RunOverHorizon, name: str, **chosen: str) -> polars.DataFrame:
    """A file of the run, of some rows."""
    frame = polars.read_parquet(main.request.place.out / f"{name}.parquet")
    return frame.filter(*(polars.col(column) == value for column, value in chosen.items()))


def counts(frame: polars.DataFrame, column: str, value: str = "customers") -> dict[str, float]:
    return dict(frame.group_by(column).agg(polars.col(value).sum()).rows())


def sizes(main: RunOverHorizon, group: str) -> dict[str, int]:
    """How many are in each segment now, by the memberships."""
    lasting = table(main, "memberships", segment_set=group).filter(polars.col("valid_to").is_null())
    return dict(lasting["segment"].value_counts().rows())


@pytest.mark.parametrize("name", FILES)
def test_files_have_their_columns(shop_main: RunOverHorizon, name: str) -> None:
    schema = pq.read_schema(shop_main.request.place.out / f"{name}.parquet")
    assert dict(zip(schema.names, schema.types, strict=True)) == FILES[name]
    assert set(table(shop_main, name)["segment_set"]) == {group.name for group in BUILT_IN}


@EVERY_SET
def test_memberships_follow_each_customer_without_a_hole(shop_main: RunOverHorizon, group: SegmentSet) -> None:
    name = group.name
    stays = table(shop_main, "memberships", segment_set=name).sort("customer_id", "valid_from")
    assert set(stays["customer_id"]) == set(polars.DataFrame(shop_main.scores)["customer_id"])
    for (_,), own in stays.group_by("customer_id"):
        rows = own.sort("valid_from").rows(named=True)
        assert rows[-1]["valid_to"] is None
        for before, after in pairwise(rows):
            assert before["valid_to"] == after["valid_from"] > before["valid_from"]
            assert before["segment"] != after["segment"]
        assert rows[0]["why"] in ("first order", "already so when the look back begins")
        assert {row["why"] for row in rows[1:]} <= {"an order", "a refund", "no order"}
        assert all(row["valid_from"].hour == 0 for row in rows)


@EVERY_SET
def test_forecasts_are_distributions_that_add_up_to_headcounts(shop_main: RunOverHorizon, group: SegmentSet) -> None:
    name = group.name
    chances = table(shop_main, "segment_forecast", segment_set=name)
    assert chances["probability"].is_between(0, 1).all()
    sums = chances.group_by("customer_id").agg(polars.col("probability").sum())["probability"]
    assert len(sums) == len(shop_main.scores)
    assert ((sums - 1).abs() < 1e-5).all()
    summary = shop_main.segmentation.summary(name)
    assert summary is not None
    expected = counts(chances, "segment", "probability")
    for line in summary.segments:
        assert line.expected == pytest.approx(expected[line.segment], abs=1e-3)
        assert line.low is not None
        assert line.expected is not None
        assert line.high is not None
        assert line.low <= line.expected <= line.high
    assert sum(line.customers for line in summary.segments) == len(shop_main.scores)
    assert {line.segment: line.customers for line in summary.segments if line.customers} == sizes(shop_main, name)


@EVERY_SET
def test_flows_add_up_to_sizes(shop_main: RunOverHorizon, group: SegmentSet) -> None:
    name = group.name
    now = sizes(shop_main, name)
    past = table(shop_main, "migration", segment_set=name, kind="actual")
    assert counts(past, "to_segment") == now
    assert (past["ageing"] <= past["customers"]).all()
    assert past["low"].null_count() == len(past)
    summary = shop_main.segmentation.summary(name)
    assert summary is not None
    before = {line.segment: line.customers_before for line in summary.segments if line.customers_before}
    assert counts(past.filter(polars.col("from_segment") != NEWCOMERS), "from_segment") == before
    ahead = table(shop_main, "migration", segment_set=name, kind="forecast")
    assert (ahead["low"] <= ahead["customers"]).all()
    assert (ahead["customers"] <= ahead["high"]).all()
    assert ahead["ageing"].null_count() == len(ahead)
    own = ahead.filter(polars.col("from_segment") != NEWCOMERS)
    assert counts(own, "from_segment") == pytest.approx({key: float(n) for key, n in now.items()}, abs=0.02)
    expected = {line.segment: line.expected for line in summary.segments}
    for segment, count in counts(own, "to_segment").items():
        assert count == pytest.approx(expected[segment], abs=0.02)
    spend = float(np.maximum(shop_main.customers["expected_spend"].to_numpy(), 0).sum())
    assert own["money"].sum() == pytest.approx(spend, rel=0.01)
    day = from_microseconds(shop_main.plan.as_of).date()
    assert set(past["to_date"]) == set(ahead["from_date"]) == {day}
    assert set(past["from_date"]) == {day - timedelta(days=30)}
    assert set(ahead["to_date"]) == {day + timedelta(days=30)}


def test_scores_tell_what_the_tables_tell(shop_main: RunOverHorizon) -> None:
    scores = polars.DataFrame(shop_main.scores)
    stays = table(shop_main, "memberships", segment_set="rfm").sort("valid_from")
    chances = table(shop_main, "segment_forecast", segment_set="rfm")
    for row in scores.rows(named=True):
        own = stays.filter(customer_id=row["customer_id"]).rows(named=True)
        assert (row["segment"], row["segment_since"]) == (own[-1]["segment"], own[-1]["valid_from"])
        assert row["previous_segment"] == (own[-2]["segment"] if len(own) > 1 else None)
    wide = {snake(name): name for name in BUILT_IN[0].segments}
    long = chances.pivot("segment", index="customer_id", values="probability").sort("customer_id")
    told = scores.sort("customer_id")
    for column, name in wide.items():
        np.testing.assert_allclose(told[f"p_next_{column}"], long[name], atol=1e-12)


def test_backtest_rows_of_segments_are_rows_of_the_backtest(shop_main: RunOverHorizon) -> None:
    rows = [row for row in every_measure(shop_main.run) if str(row["objective"]).startswith("next_segment: ")]
    assert {row["objective"] for row in rows} == {f"next_segment: {group.name}" for group in BUILT_IN}
    plain = [row for row in every_measure(shop_main.run) if row not in rows]
    assert all(set(row) == set(plain[0]) for row in rows)
    json.dumps(rows, allow_nan=False)
    models = {"landing_mixture", "stays", "ages_only", "markov", "markov_landing", "ageing_mixture"}
    for group in BUILT_IN:
        own = [row for row in rows if row["objective"] == f"next_segment: {group.name}"]
        assert {row["model"] for row in own} == models
        metrics = {"log_loss", "macro_f1", "flow_error", "average_precision_beyond_ageing"}
        assert {row["metric"] for row in own} == metrics | ({"ranked_probability_score"} if group.is_ordered else set())
        assert len(own) == len({(row["cutoff"], row["model"], row["metric"]) for row in own})
    for row in rows:
        assert row["slice"] == "all"
        assert datetime.fromisoformat(str(row["cutoff"]))
        assert row["horizon_days"] == 30


def test_who_serves_had_the_smallest_log_loss(shop_main: RunOverHorizon) -> None:
    for summary in shop_main.segmentation.summaries:
        losses: dict[str, list[float]] = {}
        for row in shop_main.read(SEGMENT_PROOF)[summary.segment_set].measured:
            assert row.objective == f"next_segment: {summary.segment_set}"
            if row.metric == "log_loss":
                assert row.value is not None
                losses.setdefault(row.model, []).append(row.value)
        means = {name: sum(values) / len(values) for name, values in losses.items()}
        assert summary.served == min(means, key=lambda name: means[name])
        assert summary.served in summary.reason
        assert summary.tests == len(losses[summary.served])
        for name, (gain, low, high) in summary.behind.items():
            assert gain == pytest.approx(means[name] - means["landing_mixture"])
            assert low <= high


def test_segments_are_read_as_they_were_made(shop_main: RunOverHorizon) -> None:
    sets, proofs = sets_of(shop_main.request.asked, shop_main.read(CUTS)), shop_main.read(SEGMENT_PROOF)
    day = Scored(shop_main.customers, {})
    made = segmented(kept_engine(shop_main.request), shop_main.plan, sets, proofs, day, shop_main.currency)
    again = shop_main.segmentation
    assert again.scores.schema.equals(made.scores.schema)
    for name in ("migration", "scores"):
        assert getattr(again, name).to_pylist() == getattr(made, name).to_pylist()
    for name in ("memberships", "forecast"):
        told, kept = (getattr(one, name).table().to_pylist() for one in (made, again))
        assert kept == told
    told, kept = ([json.dumps(asdict(one)) for one in all_of.summaries] for all_of in (made, again))
    assert kept == told


BEGIN = datetime(2024, 1, 1)


def orders(*when: tuple[str, float], amount: str = "") -> Rows:
    return [
        {"customer": name, "sold_at": f"{BEGIN + timedelta(days=day):%Y-%m-%d %H:%M:%S}", "order_no": f"A{number}",
         "amount": amount or f"{10 + number % 7}.50"}
        for number, (name, day) in enumerate(when)
    ]  # fmt: skip


TINY = {
    "one customer with one order": (orders(("C1", 3.5)), 30),
    "one customer who comes back": (orders(*(("C1", 9.5 * n) for n in range(9))), 30),
    "three customers": (orders(*((f"C{n % 3}", 1.5 * n) for n in range(30))), 7),
    "nobody comes back": (orders(*((f"C{n}", 1.5 * n) for n in range(60))), 30),
    "nothing costs anything": (orders(*((f"C{n % 9}", 1.1 * n) for n in range(30)), amount="0.00"), 7),
    "a history shorter than the horizon": (orders(*((f"C{n % 9}", 0.7 * n) for n in range(40))), 90),
}


@pytest.mark.parametrize("name", TINY)
def test_tiny_logs_get_an_answer_without_holes(name: str, tmp_path: Path) -> None:
    rows, horizon = TINY[name]
    path = written(rows, tmp_path / "orders.csv")
    request = request_for_files([path], tmp_path / "out", horizons=(horizon,), workers=1)
    main = run(request, Silent()).run.main
    customers = len({row["customer"] for row in rows})
    for group in BUILT_IN:
        chances = table(main, "segment_forecast", segment_set=group.name)
        assert chances.height == customers * len(group.segments)
        assert chances["probability"].is_finite().all()
        assert chances["probability"].sum() == pytest.approx(customers, abs=1e-4)
        assert sum(sizes(main, group.name).values()) == customers
    migration = table(main, "migration")
    for column in ("customers", "low", "high", "money", "ageing"):
        assert migration[column].drop_nulls().is_finite().all(), column
    text = (main.request.place.out / "segments.json").read_text()
    told = json.loads(text, parse_constant=lambda constant: pytest.fail(f"{constant} in segments.json"))
    for one in told:
        assert one["reason"]
        for line in one["segments"]:
            assert all(
                math.isfinite(line[key]) for key in ("customers", "expected", "low", "high", "share_of_customers")
            )
            assert line["low"] <= line["expected"] <= line["high"]
        assert sum(line["expected"] for line in one["segments"]) == pytest.approx(customers, abs=1e-4)


def test_where_clocks_change_the_days_of_a_migration_are_calendar_days(tmp_path: Path) -> None:
    rows = orders(*((f"C{n % 9}", 1.5 * n + 0.4) for n in range(80)))
    path = written(rows, tmp_path / "orders.csv")
    asked = request_for_files(
        [path], tmp_path / "out", horizons=(30,), workers=1, timezone="Europe/London", as_of="2024-04-10"
    )
    main = run(asked, Silent()).run.main
    past, ahead = (table(main, "migration", kind=kind) for kind in ("actual", "forecast"))
    assert [str(day) for day in (past["from_date"][0], past["to_date"][0])] == ["2024-03-11", "2024-04-10"]
    assert [str(day) for day in (ahead["from_date"][0], ahead["to_date"][0])] == ["2024-04-10", "2024-05-10"]
    stays = table(main, "memberships", segment_set="rfm")
    begin = datetime(2024, 3, 11, tzinfo=UTC)
    then = stays.filter(
        polars.col("valid_from") <= begin, polars.col("valid_to").is_null() | (polars.col("valid_to") > begin)
    )
    known = past.filter(polars.col("segment_set") == "rfm", polars.col("from_segment") != NEWCOMERS)
    assert counts(known, "from_segment") == dict(then["segment"].value_counts().rows())
