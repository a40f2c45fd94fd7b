from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import ORDER_LINES, REJECTED, LinesBatch
from foretell.customer_log.store import Store
from foretell.features import FEATURES, feature_matrix
from foretell.project.intervals import days
from foretell.timelines.as_of import Population
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY, bucket_with, buckets_of, last_seconds
from foretell.timelines.engine import Engine

CUTOFFS = (days(150), days(300))
POPULATION = Population(0, 60.0, 20.0)


def order_lines(rows: int) -> pa.Table:
    random = np.random.default_rng(5)
    moment = random.integers(0, days(320) // 60_000_000, rows) * 60_000_000
    return pa.table(
        {
            "customer_id": [f"c{n}" for n in random.integers(0, 90, rows)],
            "happened_at": moment,
            "known_at": moment + (random.random(rows) < 0.05) * days(40),
            "order_id": [str(n) for n in random.integers(1, rows // 2, rows)],
            "product": [f"p{n}" for n in random.integers(0, 12, rows)],
            "category": pa.nulls(rows, pa.string()),
            "quantity": random.integers(1, 5, rows).astype(float),
            "amount": random.integers(-20_000, 400_000, rows),
        },
        schema=ORDER_LINES,
    )


def engine(root: Path, buckets: int, loads: list[pa.Table], workers: int = 1) -> Engine:
    store = Store(root, "made", "Europe/London", buckets)
    for number, lines in enumerate(loads):
        store.add(Load(f"{number:016d}", "made", "as made", 0), [LinesBatch(lines, REJECTED.empty_table(), len(lines))])
    return Engine(buckets_of(store, "net"), workers)


def features(batch: Timelines) -> tuple[np.ndarray, list[np.ndarray]]:
    """Every feature at each cutoff."""
    views = batch.views(CUTOFFS, lambda cutoff: POPULATION)
    return batch.customer_key, [feature_matrix(view, FEATURES) for view in views]


def matrix_hash(of: Engine) -> str:
    parts = list(of.over(features, CUTOFFS[-1]))
    key = np.concatenate([found for found, _ in parts])
    whole = [np.concatenate([matrices[n] for _, matrices in parts])[np.argsort(key)] for n in range(len(CUTOFFS))]
    return hashlib.sha256(b"".join(matrix.tobytes() for matrix in whole)).hexdigest()


@pytest.mark.parametrize(("buckets", "pieces", "workers"), [(8, 1, 1), (1, 3, 1), (4, 2, 2)])
def test_features_are_the_same_bits_however_the_log_is_cut(
    tmp_path: Path, buckets: int, pieces: int, workers: int
) -> None:
    lines = order_lines(900)
    size = -(-len(lines) // pieces)
    loads = [lines.slice(begin, size) for begin in range(0, len(lines), size)]
    expected = matrix_hash(engine(tmp_path / "one", 1, [lines]))
    assert matrix_hash(engine(tmp_path / "other", buckets, loads, workers)) == expected


def test_facts_visible_later_and_larger_keys_are_left_out(tmp_path: Path) -> None:
    (bucket,) = engine(tmp_path, 1, [order_lines(400)]).buckets
    everything, some = bucket.read(days(400)), bucket.read(days(200), 2**63)
    assert 0 < len(some.customer_key) < len(everything.customer_key)
    assert (some.customer_key <= 2**63).all()
    for facts in (some.orders, some.adjustments, some.lines):
        assert (np.maximum(facts.happened_at, facts.columns["known_at"]) < days(200)).all()


def test_buckets_without_customers_give_no_result(tmp_path: Path) -> None:
    assert list(engine(tmp_path, 4, [order_lines(50)]).over(lambda batch: 1, days(-1))) == []


def test_the_last_second_of_each_day_is_by_local_clock(tmp_path: Path) -> None:
    summer = days(200)
    lines = pa.table(
        {name: pa.array([], ORDER_LINES.field(name).type) for name in ORDER_LINES.names}, schema=ORDER_LINES
    )
    rows = [
        {"customer_id": "a", "happened_at": summer, "known_at": summer, "order_id": "1", "amount": 5},
        {"customer_id": "b", "happened_at": summer + 60_000_000, "known_at": summer + 60_000_000, "amount": 5},
    ]
    lines = pa.concat_tables([lines, pa.Table.from_pylist(rows, schema=ORDER_LINES)])
    found_days, seconds = last_seconds(engine(tmp_path, 2, [lines]).buckets)
    assert (found_days.tolist(), seconds.tolist()) == ([200], [3_660])


@pytest.mark.parametrize("loads", [1, 2])
def test_one_customer_alone_is_as_in_the_whole_bucket(tmp_path: Path, loads: int) -> None:
    lines = order_lines(600)
    halves = [lines] if loads == 1 else [lines.slice(0, 300), lines.slice(300)]
    buckets = engine(tmp_path, 4, halves).buckets
    store = Store(tmp_path, "made", "Europe/London", 4)
    for bucket in buckets:
        keys, whole = features(bucket.read(CUTOFFS[-1]))
        key = int(keys[len(keys) // 2])
        found = bucket_with(key, store, "net")
        assert found == bucket
        alone, own = features(found.read(CUTOFFS[-1], key, key))
        assert alone.tolist() == [key]
        for one, everybody in zip(own, whole, strict=True):
            np.testing.assert_array_equal(one[0], everybody[len(keys) // 2])


def test_a_batch_that_is_held_answers_as_one_that_is_read_anew(tmp_path: Path) -> None:
    own = engine(tmp_path, 1, [order_lines(300)])
    held = own.holding()
    for before in (CUTOFFS[0], CUTOFFS[1], CUTOFFS[1]):
        assert [len(key) for key, _ in held.over(features, before)] == [
            len(key) for key, _ in own.over(features, before)
        ]
    assert matrix_hash(held) == matrix_hash(own)
    assert held.held is not None
    assert list(held.held) == [(CUTOFFS[1], EVERY_KEY)]
    several = engine(tmp_path / "several", 2, [order_lines(300)])
    assert several.holding() is several
