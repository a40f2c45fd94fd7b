"""The same project gives the same files to the byte: in another folder and process, with two workers, with rows in
another order, with more buckets and with buckets read in another order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from foretell.answers.published import published
from foretell.customer_log.store import Store
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.timelines import engine
from foretell.timelines.bucket import Bucket, buckets_of
from made_shop import Row, is_known, shop_rows, write_csv

AS_OF = datetime(2010, 4, 1)
ROWS = [row for row in shop_rows(history_days=55) if is_known(row, AS_OF)]
SEED = 5
FILES = ("scores.parquet", "scores.csv", "backtest.json", "report.html")
MOMENT = re.compile(rb"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?")
"""A time stamp to the minute: what alone may differ in a report, beside the id of the run."""
Ran = Callable[..., dict[str, bytes]]


def written_files(folder: Path) -> dict[str, bytes]:
    """What a run left, the report without its time stamps and the id of the run, and the id of its model."""
    found = {name: (folder / "out" / name).read_bytes() for name in FILES}
    run_id = published(Place.of_results(folder / "out")).record.run.encode()
    assert found["report.html"].count(run_id) == 1
    found["report.html"] = MOMENT.sub(b"", found["report.html"]).replace(run_id, b"")
    [model] = set(pq.read_table(folder / "out" / "scores.parquet", columns=["model_id"])["model_id"].to_pylist())
    return found | {"model_id": model.encode()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Runs the rows in a fresh folder of their own."""

    def do(rows: Sequence[Row] = ROWS, **options: object) -> dict[str, bytes]:
        folder = tmp_path_factory.mktemp("fresh")
        write_csv(folder / "orders.csv", rows)
        before = Path.cwd()
        os.chdir(folder)
        try:
            run(request_for_files(["orders.csv"], "out", as_of=f"{AS_OF:%Y-%m-%d}", seed=SEED, **options), Silent())
        finally:
            os.chdir(before)
        return written_files(folder)

    return do


@pytest.fixture(scope="module")
def first(ran: Ran) -> dict[str, bytes]:
    return ran()


def different(left: Mapping[str, bytes], right: Mapping[str, bytes]) -> set[str]:
    return {name for name in left if left[name] != right[name]}


def test_the_run_is_worth_comparing(first: dict[str, bytes], ran: Ran) -> None:
    assert len(first["scores.parquet"]) > 10_000
    assert len(first["backtest.json"]) > 10_000
    assert different(first, ran(ROWS[:-40])) == {*FILES, "model_id"}


def test_another_process_with_other_hashes_gives_the_same_files(first: dict[str, bytes], tmp_path: Path) -> None:
    write_csv(tmp_path / "orders.csv", ROWS)
    words = ["run", "orders.csv", "--out", "out", "--as-of", f"{AS_OF:%Y-%m-%d}", "--seed", str(SEED)]
    plain = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "2"}
    call = [sys.executable, "-m", "foretell", *words]
    done = subprocess.run(call, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert different(first, written_files(tmp_path)) == set()


def test_rows_in_another_order_give_the_same_files(first: dict[str, bytes], ran: Ran) -> None:
    order = np.random.default_rng(8).permutation(len(ROWS))
    assert different(first, ran([ROWS[position] for position in order])) == set()


def test_buckets_their_order_and_workers_change_nothing(
    first: dict[str, bytes], ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backwards(store: Store, value: str) -> list[Bucket]:
        assert store.buckets == 4
        return buckets_of(store, value)[::-1]  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "ROWS_WORTH_A_SECOND_PROCESS", 0)
    monkeypatch.setattr(engine, "buckets_of", backwards)
    assert different(first, ran(buckets=4, workers=2)) == set()
