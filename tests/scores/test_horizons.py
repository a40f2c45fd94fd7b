"""Several horizons in one run: they agree, and each is what it would be alone, or more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import foretell
from foretell.answers.customer import customer_of
from foretell.answers.published import published
from foretell.pipeline.exports import every_score
from foretell.pipeline.score import score
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.scores.horizons import GROWING, at_least, monotone
from shop import made_shop, written

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
