"""Laws of whole runs: what is not known yet, the order of rows, how files are split, how many buckets and workers
change nothing; the same seed gives the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_shop import Row, is_known, shop_rows, write_csv

from foretell.pipeline import log_engine
from foretell.pipeline.columns import answer
from foretell.pipeline.requests import request_for_files
from foretell.pipeline.run import Outcome
from foretell.project.progress import Silent

AS_OF = datetime(2010, 6, 15)
ROWS = shop_rows()
KNOWN = [row for row in ROWS if is_known(row, AS_OF)]
UNKNOWN = [row for row in ROWS if not is_known(row, AS_OF)]
Ran = Callable[..., Outcome]


def future_shuffled(seed: int) -> list[Row]:
    """The unknown rows with customers, orders and money dealt out anew, and as many again, a thousand times as dear."""
    random = np.random.default_rng(seed)
    who, what = random.permutation(len(UNKNOWN)), random.permutation(len(UNKNOWN))
    dealt = [
        (UNKNOWN[w][0], UNKNOWN[w][1], row[2], max(row[3], AS_OF), *UNKNOWN[p][4:])
        for row, w, p in zip(UNKNOWN, who, what, strict=True)
    ]
    return [*dealt, *((*row[:6], row[6] * 1_000) for row in dealt)]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Runs files, one or several, and leaves the results beside them."""

    def do(*files: list[Row], **options: object) -> Outcome:
        folder = tmp_path_factory.mktemp("run")
        for number, rows in enumerate(files):
            write_csv(folder / "orders" / f"{number}.csv", rows)
        request = request_for_files([folder / "orders"], folder / "out", as_of=f"{AS_OF:%Y-%m-%d}", **options)
        return answer(request, Silent())[0]

    return do


@pytest.fixture(scope="module")
def first(ran: Ran) -> Outcome:
    """The run with which all others are compared."""
    return ran(ROWS)


def content(outcome: Outcome) -> dict[str, object]:
    """Every column of scores.parquet, and what was decided."""
    scores = pq.read_table(outcome.request.out / "scores.parquet")
    assert scores.equals(outcome.scores)
    columns = {name: bytes_of(scores[name]) for name in scores.column_names}
    decided = {
        "model": outcome.serving.model_id,
        "serving": dict(outcome.serving.names),
        "columns": outcome.columns,
        "horizon": (outcome.plan.horizon_days, outcome.plan.horizon_reason),
        "grid": (outcome.plan.proving, outcome.plan.serving),
        "measured": repr(outcome.proof.measured),
    }
    return columns | decided


def bytes_of(column: pa.ChunkedArray) -> object:
    if pa.types.is_floating(column.type):
        return column.is_null().to_pylist(), column.fill_null(-1.0).to_numpy().tobytes()
    return column.to_pylist()


def assert_same(left: Outcome, right: Outcome) -> None:
    found, expected = content(left), content(right)
    assert {name for name in found if found[name] != expected[name]} == set()


def test_the_run_is_worth_comparing(first: Outcome) -> None:
    assert len(first.scores) > 100
    assert len(UNKNOWN) > 100
    assert any(row[2] < AS_OF for row in UNKNOWN)
    assert first.columns.known_at == "known_at"
    assert first.proof.forecasts
    assert len(set(first.serving.names.values())) > 1
    assert len(np.unique(first.scores["p_purchase"].to_numpy())) > 50


def test_the_future_may_be_missing(ran: Ran, first: Outcome) -> None:
    assert_same(ran(KNOWN), first)


def test_the_future_and_the_rows_may_be_shuffled(ran: Ran, first: Outcome) -> None:
    rows = [*KNOWN, *future_shuffled(5)]
    order = np.random.default_rng(6).permutation(len(rows))
    assert_same(ran([rows[position] for position in order]), first)


def test_files_buckets_and_workers_change_nothing(ran: Ran, first: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_engine, "ROWS_WORTH_A_SECOND_PROCESS", 0)
    split = ran(ROWS[1::3], ROWS[::3], ROWS[2::3], buckets=4, workers=2)
    assert split.ingested.store.buckets == 4
    assert len(split.ingested.loads) == 3
    assert_same(split, first)


def test_the_same_seed_gives_the_same_scores(ran: Ran, first: Outcome) -> None:
    again = ran(ROWS)
    assert again.request.out != first.request.out
    assert_same(again, first)


def test_a_finished_run_is_read_again_as_it_was(first: Outcome) -> None:
    again, _ = answer(replace(first.request, identity=""), Silent())
    assert_same(again, first)
