"""What customers buy next, from a file to lists of names: proved at past cutoffs, and who serves is said."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.stable_keys import stable_keys
from foretell.forecasts.next_categories.candidates import BASELINES, OURS, SIDES
from foretell.forecasts.next_categories.proof import (
    LISTS,
    NEXT_CATEGORIES,
    CategoryProof,
    forecast,
    names_of,
    next_categories,
    prove,
    prove_categories,
)
from foretell.models.contract import CannotFit
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, kept_engine, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.progress import Silent
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from made_baskets import BEGIN, DAYS, basket_lines
from made_orders import DAY, Line
from planned_logs import log_of

H = 30
END = BEGIN + DAYS * DAY
TESTS = [END - back * H * DAY for back in (1, 2)]
LINES = basket_lines()


def engine_over(lines: list[Line], folder: Path, buckets: int = 1) -> Engine:
    """The engine over a store that holds the lines of one file."""
    folder.mkdir()
    rows = [
        {
            "who": line.customer_id,
            "when": datetime.fromtimestamp(line.happened_at / 1e6, UTC),
            "paid": line.amount / 1e4,
        }
        | {"thing": line.product, "aisle": line.category}
        for line in lines
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "orders.parquet")
    columns = {"customer": "who", "time": "when", "amount": "paid", "product": "thing", "category": "aisle"}
    return log_of(folder / "orders.parquet", folder / "out", columns=columns, buckets=buckets).engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over(LINES, tmp_path_factory.mktemp("shop") / "one")


@pytest.fixture(scope="module")
def proof(engine: Engine) -> CategoryProof:
    return prove(engine, TESTS, H, END, 7)


def test_kinds_of_customers_are_told_apart(proof: CategoryProof) -> None:
    """New categories follow the customer's kind here, so popularity alone cannot be best."""
    measured = {(row.side, row.contender, row.metric): row for row in proof.measured}
    assert proof.kind == "category"
    assert proof.serving["new"] == OURS
    ours = measured["new", OURS, "mean_reciprocal_rank"]
    for baseline in BASELINES["new"]:
        beaten = measured["new", baseline, "mean_reciprocal_rank"]
        assert beaten.customers == ours.customers > 50
        assert beaten.value < ours.value - 0.1
        assert beaten.lead is not None
        assert beaten.lead.is_clear
    assert set(proof.why) == set(SIDES)
    assert all(" serves: " in told for told in proof.why.values())


def test_lists_are_names_of_what_was_bought_before_or_not(engine: Engine, proof: CategoryProof) -> None:
    table = forecast(engine, END, H, proof)
    assert table["customer_key"].to_pylist() == sorted(table["customer_key"].to_pylist())
    assert len(table) == len({line.customer_id for line in LINES})
    owned = {line.category for line in LINES}
    batch = next(iter(engine.over(_itself, END)))
    who = dict(zip(batch.customer_key.tolist(), batch.customer_id.to_pylist(), strict=True))
    bought: dict[str, set[str | None]] = {}
    for line in LINES:
        bought.setdefault(line.customer_id, set()).add(line.category)
    for row in table.to_pylist():
        own = bought[who[row["customer_key"]]]
        assert len(row["next_categories"]) == len(set(row["next_categories"])) == 3
        assert len(row["next_categories_new"]) <= 3
        assert set(row["next_categories"]) <= owned
        assert not own & set(row["next_categories_new"])
    mean = np.mean([len(set(row["next_categories"]) & bought[who[row["customer_key"]]]) for row in table.to_pylist()])
    assert mean > 2


def _itself(batch: Timelines) -> Timelines:
    return batch


@pytest.mark.parametrize("serving", [{"either": "most recent", "new": OURS}, {"either": OURS, "new": "most popular"}])
def test_what_was_bought_before_comes_first(serving: dict[str, str], engine: Engine, proof: CategoryProof) -> None:
    table = forecast(engine, END, H, CategoryProof("category", serving, {}, ()))
    for row in table.to_pylist()[:40]:
        new = set(row["next_categories_new"])
        is_new = [name in new for name in row["next_categories"]]
        assert is_new == sorted(is_new)


def test_buckets_and_the_future_change_nothing(engine: Engine, proof: CategoryProof, tmp_path: Path) -> None:
    again = engine_over(LINES[::-1], tmp_path / "two", buckets=4)
    assert len(again.buckets) == 4
    assert repr(asdict(prove(again, TESTS, H, END, 7))) == repr(asdict(proof))
    table = forecast(engine, TESTS[0], H, proof)
    assert forecast(again, TESTS[0], H, proof).equals(table)
    known = [line for line in LINES if line.happened_at < TESTS[0]]
    assert forecast(engine_over(known, tmp_path / "three"), TESTS[0], H, proof).equals(table)


def test_two_customers_teach_nothing_and_get_what_they_bought_before(tmp_path: Path) -> None:
    few = engine_over([line for line in LINES if line.customer_id in ("c1", "c2")], tmp_path / "few")
    proof = prove(few, TESTS, H, END, 7)
    assert proof.measured == ()
    assert "are needed" in proof.why["new"]
    named = forecast(few, END, H, proof)
    for who, names in zip(("c1", "c2"), named["next_categories"].to_pylist(), strict=True):
        assert len(names) == 3, who
    assert named["next_categories_new"].to_pylist() == [[], []]
    with pytest.raises(CannotFit, match="are needed"):
        forecast(few, END, H, replace(proof, serving=dict.fromkeys(SIDES, OURS)))
    with pytest.raises(CannotFit, match="0 categories or products had been bought"):
        forecast(few, BEGIN, H, proof)
    assert prove(few, [], H, END, 7).why["repeat"].endswith("no past cutoff could be tested")


def test_the_run_keeps_what_the_log_gives(shop_main: RunOverHorizon) -> None:
    plan, kept = shop_main.plan, shop_main.read(NEXT_CATEGORIES)
    engine = kept_engine(shop_main.request)
    found = next_categories(engine, plan, len(shop_main.scores), prove_categories(engine, plan, 0))
    assert found.proof == kept.proof
    assert found.cannot == kept.cannot
    assert found.lists.to_pydict() == kept.lists.to_pydict()
    assert found.lists.to_pydict() == shop_main.scores.select(LISTS.names[1:]).to_pydict()


def test_where_nothing_can_be_named_everybody_has_no_list(shop_main: RunOverHorizon) -> None:
    early = shop_main.plan.survey.log_start
    plan, engine = replace(shop_main.plan, as_of=early, proving=None), kept_engine(shop_main.request)
    found = next_categories(engine, plan, 7, prove_categories(engine, plan, 0))
    assert found.proof is None
    assert "had been bought" in found.cannot
    assert found.lists.schema.types == LISTS.types[1:]
    assert found.lists.to_pydict() == {name: [None] * 7 for name in LISTS.names[1:]}


def test_products_are_shown_by_their_names_where_the_file_has_them(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = [
        f"C{n % 7},2024-01-{n % 27 + 1:02d},S{n % 3:02d},Mug no. {n % 3}{' ' * (n % 2)},{n + 1}.50" for n in range(60)
    ]
    path.write_text("\n".join(["customer_id,date,sku,description,amount", *rows]) + "\n")
    request = request_for_files([path], tmp_path / "out")
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    assert (columns.product, columns.product_name) == ("sku", "description")
    log = brought_up_to_date(settled, files, columns, Silent())
    keys = stable_keys(pa.array(["S02", "S00"])).view(np.int64)
    assert names_of(log.engine.buckets, "product", keys).tolist() == ["Mug no. 2", "Mug no. 0"]
    without = {"customer": "customer_id", "time": "date", "amount": "amount", "product": "sku"}
    log = brought_up_to_date(request_for_files([path], tmp_path / "codes"), files, columns_of(without), Silent())
    assert names_of(log.engine.buckets, "product", keys).tolist() == ["S02", "S00"]
