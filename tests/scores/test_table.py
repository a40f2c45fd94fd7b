"""The table of scores: null where a question is not asked, percentiles that rank, ids as they came in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foretell
from foretell.answers.customer import customer_of
from foretell.answers.published import published
from foretell.examples.labels import top_tier
from foretell.pipeline.exports import every_score
from foretell.pipeline.score import score
from foretell.project.fingerprints import keys_of
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.scores.table import (
    GROWING,
    SCORES,
    agreeing,
    as_csv_table,
    at_least,
    monotone,
    percentile,
    scores_table,
    whole_table,
)
from shop import made_shop, written

SHARE = st.floats(0.001, 0.999)
MONEY = st.sampled_from((0.0, 0.0, 12.5)) | st.floats(0, 1e6)
TOLD = ("segment", "reasons", *SCORES[24:])
"""What does not come from the batches: of segments, of the next order, and the reasons in words."""


@st.composite
def parts(draw: st.DrawFn) -> pa.Table:
    """What scoring a batch gives, for up to forty customers."""
    size = draw(st.integers(1, 40))
    random = np.random.default_rng(draw(st.integers(0, 1_000)))
    ids = [f"{number}" for number in random.permutation(size)]
    chances = {
        name: np.array([draw(SHARE) for _ in ids]) for name in ("p_purchase", "p_decline", "p_becomes_high_value")
    }
    plain = (
        "expected_orders",
        "expected_spend",
        "median_spend",
        "expected_spend_low",
        "expected_spend_high",
        "p_high_value",
        *SCORES[17:24],
    )
    return pa.table(
        {
            "customer_key": keys_of(ids),
            "customer_id": ids,
            "active": random.random(size) < 0.5,
            "regular": random.random(size) < 0.3,
            "trailing_spend": np.array([draw(MONEY) for _ in ids]),
            **chances,
            **{name: np.array([draw(MONEY) for _ in ids]) for name in plain},
        }
    )


def scored(table: pa.Table) -> pa.Table:
    return scores_table(table, movement(len(table)), as_of=1_300_000_000_000_000, horizon_days=90, model_id="f00d")


def movement(rows: int) -> dict[str, pa.Array]:
    """What is told besides, in no order."""
    since = pa.array(np.full(rows, 1_290_000_000_000_000)).cast(pa.timestamp("us", tz="UTC"))
    told = {name: pa.repeat(pa.scalar("Loyal"), rows) for name in TOLD} | {"segment_since": since}
    kind = pa.list_(pa.field("element", pa.string()))
    told["reasons"] = pa.array([["likelier: a", "less likely: b"][: row % 3] for row in range(rows)], kind)
    return {"p_next_loyal": pa.array(np.full(rows, 0.75)), **told, "p_next_lost": pa.array(np.full(rows, 0.25))}


@settings(max_examples=60)
@given(parts(), st.integers(0, 40))
def test_what_is_not_asked_is_null(part: pa.Table, cut: int) -> None:
    whole = whole_table([piece for piece in (part.slice(0, cut), part.slice(cut)) if len(piece)], True)
    scores = scored(whole)
    assert tuple(scores.column_names) == (*SCORES, "p_next_loyal", "p_next_lost")
    assert len(scores) == len(part)
    assert scores.select(TOLD).to_pydict() == pa.table(movement(len(part))).select(TOLD).to_pydict()
    tier = top_tier(whole["trailing_spend"].to_numpy(), whole["customer_key"].to_numpy())
    asked = {
        "p_churn": whole["active"].to_pylist(),
        "p_decline": whole["regular"].to_pylist(),
        "p_becomes_high_value": (~tier).tolist(),
    }
    for name, holds in asked.items():
        assert [value is not None for value in scores[name].to_pylist()] == holds
    for stays, churns in zip(scores["p_purchase"].to_pylist(), scores["p_churn"].to_pylist(), strict=True):
        assert churns is None or churns == 1 - stays
    for name in set(SCORES) - set(asked):
        assert scores[name].null_count == 0
    assert scores["as_of"].type == pa.timestamp("us", tz="UTC")
    assert set(scores["horizon_days"].to_pylist()) == {90}


@settings(max_examples=60)
@given(parts(), st.integers(0, 40))
def test_the_table_does_not_know_how_it_was_cut(part: pa.Table, cut: int) -> None:
    pieces = [piece for piece in (part.slice(cut), part.slice(0, cut)) if len(piece)]
    assert whole_table(pieces, True).equals(whole_table([part], True))


def test_what_a_model_cannot_tell_is_null() -> None:
    known = {name: [True] for name in ("active", "regular")} | {
        name: [0.5] for name in (*SCORES[3:13], *SCORES[17:24], "trailing_spend")
    }
    row = {"customer_key": keys_of(["7"]), "customer_id": ["7"]}
    row |= known | {"p_decline": [float("nan")]}
    assert scored(whole_table([pa.table(row)], True))["p_decline"].to_pylist() == [None]


IDS = {
    "all whole numbers": (["7", "0", "17850"], True, [0, 7, 17_850]),
    "the source says text": (["7", "0"], False, ["0", "7"]),
    "one has a letter": (["7", "C8"], True, ["7", "C8"]),
    "one begins with a nought": (["7", "0007"], True, ["0007", "7"]),
    "one is too long": (["7", "1" * 25], True, ["1" * 25, "7"]),
}


@pytest.mark.parametrize("case", IDS)
def test_ids_are_integers_only_where_all_are(case: str) -> None:
    ids, may_be, expected = IDS[case]
    table = pa.table({"customer_key": keys_of(ids), "customer_id": ids, "trailing_spend": np.zeros(len(ids))})
    assert sorted(whole_table([table], may_be)["customer_id"].to_pylist()) == expected


@given(st.lists(MONEY, min_size=1, max_size=80))
def test_percentiles_rank_from_0_to_100(values: list[float]) -> None:
    found = percentile(np.array(values))
    assert ((found >= 0) & (found <= 100)).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    for one, rank in zip(values, found, strict=True):
        less, equal = sum(v < one for v in values), sum(v == one for v in values)
        assert rank == pytest.approx(100.0 if len(values) == 1 else 100 * (less + (equal - 1) / 2) / (len(values) - 1))
    if len(set(values)) == len(values) > 1:
        assert (found.min(), found.max()) == (0, 100)


@given(parts())
def test_a_csv_has_no_lists(part: pa.Table) -> None:
    scores = scored(whole_table([part], True))
    flat = as_csv_table(scores)
    assert flat.column_names == scores.column_names
    assert flat["reasons"].to_pylist() == [" | ".join(told) for told in scores["reasons"].to_pylist()]


COLUMNS = {"customer": "customer", "time": "sold_at", "amount": "amount", "order": "order_no", "product": "sku"}


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_forecast_over_a_longer_horizon_is_below_a_shorter_one(chances: list[list[float]]) -> None:
    tables = [pa.table(dict.fromkeys(GROWING, chance) | {"p_churn": pa.array([0.5, None, 0.5])}) for chance in chances]
    found = monotone(tables)
    for name in GROWING:
        values = np.stack([table[name].to_numpy() for table in found])
        assert (np.diff(values, axis=0) >= 0).all()
        assert (values >= np.array(chances)).all()
    for table in found:
        purchase, churn = table["p_purchase"].to_pylist(), table["p_churn"].to_pylist()
        assert churn == [1 - purchase[0], None, 1 - purchase[2]]
    shorter = None
    for table, one in zip(found, tables, strict=True):
        shorter = at_least(one, shorter)
        assert [shorter[name] for name in GROWING] == [table[name] for name in GROWING]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("horizons")
    written(made_shop(60, 45), folder / "orders.csv")
    foretell.run(folder / "orders.csv", out=folder / "out", horizon="14d,10d", columns=COLUMNS, workers=1)
    return folder


def test_scores_hold_every_horizon_and_agree(ran: Path) -> None:
    scores = pq.read_table(ran / "out" / "scores.parquet")
    assert set(scores["horizon_days"].to_pylist()) == {10, 14}
    short, long = (scores.filter(pa.array(scores["horizon_days"].to_numpy() == days)) for days in (10, 14))
    assert short["customer_id"].equals(long["customer_id"])
    for name in GROWING:
        assert (long[name].to_numpy() >= short[name].to_numpy()).all()
    alone = foretell.run(ran / "orders.csv", horizon="10d", columns=COLUMNS, workers=1).scores
    assert alone.drop_columns("model_id").equals(short.drop_columns("model_id"))


def test_segments_of_today_hang_on_no_horizon_and_those_to_come_do(ran: Path) -> None:
    scores = pq.read_table(ran / "out" / "scores.parquet")
    short, long = (scores.filter(pa.array(scores["horizon_days"].to_numpy() == days)) for days in (10, 14))
    for name in ("segment", "segment_since", "previous_segment"):
        assert short[name].equals(long[name])
    behind = [name for name in scores.column_names if name.startswith("p_next_")]
    assert len(behind) == 11
    for own in (short, long):
        np.testing.assert_allclose(sum(own[name].to_numpy() for name in behind), 1, atol=1e-5)
    assert any(not short[name].equals(long[name]) for name in behind)


def test_a_customer_and_later_scores_have_every_horizon(ran: Path) -> None:
    place = Place.of_results(ran / "out")
    before = pq.read_table(ran / "out" / "scores.parquet")
    customer = customer_of(str(before["customer_id"][0].as_py()), published(place))
    assert customer.values["horizon_days"] == 14
    assert any(name == "P(order in 10 days)" for name, _ in customer.lines())
    again = every_score(score(place, None, Silent()).run)
    assert again["p_purchase"].equals(before["p_purchase"])
    assert again.schema.equals(before.schema)
    assert again["segment"].equals(before["segment"])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.none() | st.floats(0, 1)), min_size=1, max_size=9))
def test_nobody_is_in_the_tier_without_an_order_or_sure_not_to_come_and_to_come(
    rows: list[tuple[float, float, float | None]],
) -> None:
    chance, tier, enters = zip(*rows, strict=True)
    given = {"p_purchase": chance, "p_high_value": tier, "p_no_repeat": tier}
    table = agreeing(pa.table({**given, "p_becomes_high_value": pa.array(enters, pa.float64())}))
    assert table["p_high_value"].to_pylist() == [min(pair) for pair in zip(tier, chance, strict=True)]
    assert table["p_no_repeat"].to_pylist() == [min(a, 1 - b) for a, b in zip(tier, chance, strict=True)]
    assert [one is None for one in table["p_becomes_high_value"].to_pylist()] == [one is None for one in enters]
