"""Laws of whole runs: what is not known yet, the order of rows, how files are split, how many buckets and workers
change nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.customer_log.store import Store
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.progress import Silent
from foretell.timelines import engine
from made_shop import Row, is_known, shop_rows, write_csv

AS_OF = datetime(2010, 4, 1)
ROWS = shop_rows(history_days=55)
KNOWN = [row for row in ROWS if is_known(row, AS_OF)]
UNKNOWN = [row for row in ROWS if not is_known(row, AS_OF)]
Ran = Callable[..., RunOverHorizon]


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

    def do(*files: list[Row], **options: object) -> RunOverHorizon:
        folder = tmp_path_factory.mktemp("run")
        for number, rows in enumerate(files):
            write_csv(folder / "orders" / f"{number}.csv", rows)
        request = request_for_files([folder / "orders"], folder / "out", as_of=f"{AS_OF:%Y-%m-%d}", **options)
        return run(request, Silent()).run.main

    return do


@pytest.fixture(scope="module")
def first(ran: Ran) -> RunOverHorizon:
    """The run with which all others are compared."""
    return ran(ROWS)


def content(main: RunOverHorizon) -> dict[str, object]:
    """Every column of scores.parquet, and what was decided."""
    scores = pq.read_table(main.request.place.out / "scores.parquet")
    assert scores.equals(main.scores)
    columns = {name: bytes_of(scores[name]) for name in scores.column_names}
    decided = {
        "model": main.models.model_id,
        "serving": dict(main.models.names),
        "columns": dict(main.intake.columns),
        "horizon": (main.plan.horizon_days, main.plan.horizon_reason),
        "grid": (main.plan.proving, main.plan.serving),
        "measured": repr(main.proof.measured),
    }
    return columns | decided


def bytes_of(column: pa.ChunkedArray) -> object:
    if pa.types.is_floating(column.type):
        return column.is_null().to_pylist(), column.fill_null(-1.0).to_numpy().tobytes()
    return column.to_pylist()


def assert_same(left: RunOverHorizon, right: RunOverHorizon) -> None:
    found, expected = content(left), content(right)
    assert {name for name in found if found[name] != expected[name]} == set()


def test_the_run_is_worth_comparing(first: RunOverHorizon) -> None:
    assert len(first.scores) > 100
    assert len(UNKNOWN) > 100
    assert any(row[2] < AS_OF for row in UNKNOWN)
    assert first.intake.columns["known_at"] == "known_at"
    assert first.proof.forecasts
    assert len(set(first.models.names.values())) > 1
    assert len(np.unique(first.scores["p_purchase"].to_numpy())) > 50


def test_the_future_may_be_missing(ran: Ran, first: RunOverHorizon) -> None:
    assert_same(ran(KNOWN), first)


def test_the_future_and_the_rows_may_be_shuffled(ran: Ran, first: RunOverHorizon) -> None:
    rows = [*KNOWN, *future_shuffled(5)]
    order = np.random.default_rng(6).permutation(len(rows))
    assert_same(ran([rows[position] for position in order]), first)


def test_files_buckets_and_workers_change_nothing(
    ran: Ran, first: RunOverHorizon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ROWS_WORTH_A_SECOND_PROCESS", 0)
    split = ran(ROWS[1::3], ROWS[::3], ROWS[2::3], buckets=4, workers=2)
    assert Store.kept(split.request.place.state).buckets == 4
    assert len(split.intake.loads) == 3
    assert_same(split, first)


def test_a_finished_run_is_read_again_as_it_was(first: RunOverHorizon) -> None:
    asked = replace(first.request, asked=replace(first.request.asked, horizons=()))
    again = run(asked, Silent()).run.main
    assert again.run.record.run == first.run.record.run
    assert_same(again, first)
