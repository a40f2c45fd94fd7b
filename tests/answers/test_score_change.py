"""What moved a customer's scores, with each cause planted in a shop that was run, and scored again later."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.customer import customer_of
from foretell.answers.score_change import CustomerChange, score_change_of
from foretell.answers.score_change_words import change_lines
from foretell.customer_log.files.source_files import source_files
from foretell.examples.assembly import telling
from foretell.forecasts.orders.serving import Serving, at_another_season
from foretell.forecasts.season.season import SeasonShift
from foretell.models.blend import Blend
from foretell.pipeline.checkpoints import read_examples
from foretell.pipeline.columns import answer
from foretell.pipeline.exports import write_scores
from foretell.pipeline.kept_scores import FOLDER, KEPT, keep_scores, kept_runs
from foretell.pipeline.log_engine import engine_of
from foretell.pipeline.requests import request_for_files, request_of_last_run
from foretell.pipeline.run import Outcome
from foretell.pipeline.score import rescore
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent
from foretell.scores.customers import prior_of, scored
from foretell.scores.horizons import monotone
from shop import Rows, made_shop, written

FIRST, LATER = "2024-07-01", "2024-08-01"


@dataclass(frozen=True)
class Shop:
    """A shop after a run as of `FIRST`; nothing is in its file of a later day."""

    folder: Path
    outcome: Outcome
    rows: Rows

    @property
    def state(self) -> Path:
        return self.outcome.request.state

    @property
    def customers(self) -> list[str]:
        return [str(one) for one in self.outcome.scores["customer_id"].slice(0, 12).to_pylist()]

    def score(self, as_of: str, *more: dict[str, str]) -> None:
        """Score again, with more rows in the file."""
        written(sorted([*self.rows, *more], key=lambda row: row["sold_at"]), self.folder / "orders.csv")
        rescore(replace(request_of_last_run(self.folder / "out"), as_of=as_of), Silent())

    def serve(self, servings: Mapping[int, Serving]) -> None:
        """Serve everybody, as of the first day, by such models over such horizons."""
        outcome, served, tables = self.outcome, {}, []
        engine = engine_of(outcome.ingested, outcome.request)
        files = source_files([str(self.folder / "orders.csv")])
        for days, serving in sorted(servings.items()):
            over = replace(outcome.plan, horizon_days=days)
            customers = scored(engine, over, serving, files, outcome.columns, outcome.request, Silent())
            told = {
                "p_purchase": customers["p_purchase"],
                "expected_spend": customers["expected_spend"],
                "horizon_days": pa.array(np.full(len(customers), days, dtype=np.int32)),
                "model_id": pa.array(np.full(len(customers), serving.model_id)),
            }
            same = {name: outcome.scores[name] for name in outcome.scores.column_names if name not in told}
            tables.append(pa.table({name: (told | same)[name] for name in outcome.scores.column_names}))
            served[days] = (serving, customers)
        scores = pa.concat_tables(monotone(tables))
        write_scores(scores, self.folder / "out")
        keep_scores(outcome.request, outcome.plan, prior_of(outcome.plan), served, scores)

    def change(self, customer: str) -> CustomerChange:
        request = request_of_last_run(self.folder / "out")
        found = score_change_of(customer_of(customer, request), request)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("change") / "shop"
    folder.mkdir()
    rows = [row for row in made_shop() if row["sold_at"] < FIRST]
    orders = written(rows, folder / "orders.csv")
    request = request_for_files([orders], folder / "out", horizon_days=30, as_of=FIRST, currency="GBP", workers=1)
    shop = Shop(folder, answer(request, Silent())[0], rows)
    shutil.copytree(folder, folder.parent / "kept")
    return shop


@pytest.fixture
def shop(ran: Shop) -> Shop:
    """The shop as the run left it, at the same place."""
    shutil.rmtree(ran.folder)
    shutil.copytree(ran.folder.parent / "kept", ran.folder)
    return ran


def order(customer: str, day: str, amount: str, number: str = "B1") -> dict[str, str]:
    return {"customer": customer, "sold_at": f"{day} 12:00:00", "order_no": number, "sku": "P01", "amount": amount}


def another_model(shop: Shop) -> Serving:
    """A blend, which reads features, in place of the process that serves so short a log."""
    [kept] = (shop.state / "steps").glob("examples-*")
    taught = read_examples(kept)
    taught = taught.take(taught.cutoff < taught.cutoff.max())
    names = telling(taught)
    blend = Blend().fit(taught.with_features(names), TARGETS["purchase"], 0)
    serving = shop.outcome.serving
    return replace(
        serving,
        model_id="another",
        models={**serving.models, "purchase": blend},
        names={**serving.names, "purchase": Blend.name},
        feature_names=names,
    )


def assert_adds_up(change: CustomerChange) -> None:
    for moved in change.moved.values():
        assert sum(moved.parts.values()) == pytest.approx(moved.after - moved.before, rel=1e-6, abs=1e-9)


def only(change: CustomerChange, part: str) -> bool:
    """Whether everything is laid to one part."""
    return all(size == 0 for moved in change.moved.values() for name, size in moved.parts.items() if name != part)


def test_a_first_run_has_nothing_to_compare_with(shop: Shop) -> None:
    request = request_of_last_run(shop.folder / "out")
    assert score_change_of(customer_of(shop.customers[0], request), request) is None


def test_where_nothing_happened_until_a_later_day_all_is_time(shop: Shop) -> None:
    shop.score(LATER)
    for customer in shop.customers:
        change = shop.change(customer)
        assert only(change, "time")
        assert change.moved["p_purchase"].parts["time"] != 0
        assert (change.since, change.happened, change.model, change.note) == (FIRST, "", "", "")
        assert_adds_up(change)
    active = shop.outcome.scores.filter(shop.outcome.scores["p_churn"].is_valid())["customer_id"][0].as_py()
    chance, spend = change_lines(shop.change(active), "GBP")
    assert chance.startswith(f"since {FIRST}: P(order) ")
    assert ": silence -" in chance
    assert "GBP: " in spend


def test_new_orders_and_a_refund_are_behaviour_against_silence(shop: Shop) -> None:
    customer = shop.customers[0]
    shop.score(
        LATER,
        order(customer, "2024-07-10", "60.00", "B1"),
        order(customer, "2024-07-20", "80.00", "B2"),
        order(customer, "2024-07-25", "-12.00", "B3"),
    )
    change = shop.change(customer)
    assert change.happened == "2 orders since, 140.00 GBP; 1 refund, 12.00 GBP"
    assert change.moved["p_purchase"].parts["behaviour"] > 0
    assert change.moved["p_purchase"].parts["time"] < 0
    assert change.moved["p_purchase"].parts["model"] == 0
    assert_adds_up(change)
    assert f"({change.happened})" in change_lines(change, "GBP")[0]


def test_on_the_same_day_what_became_known_late_is_behaviour(shop: Shop) -> None:
    customer = shop.customers[0]
    shop.score(FIRST, order(customer, "2024-06-28", "55.00"))
    change = shop.change(customer)
    assert change.same_day
    assert only(change, "behaviour")
    assert change.moved["p_purchase"].parts["behaviour"] != 0
    assert change.happened == "1 order since, 55.00 GBP"
    assert_adds_up(change)
    assert change_lines(change, "GBP")[0].startswith(f"since the scores before, also as of {FIRST}: P(order) ")


def test_on_the_same_day_another_model_is_all_of_it(shop: Shop) -> None:
    shop.serve({30: another_model(shop)})
    moved = []
    for customer in shop.customers:
        change = shop.change(customer)
        assert only(change, "model")
        assert change.model == "new model"
        assert_adds_up(change)
        moved.append(change.moved["p_purchase"].parts["model"])
    assert np.abs(moved).max() > 0.01


def test_a_season_is_of_the_model(shop: Shop) -> None:
    shop.serve({30: at_another_season(shop.outcome.serving, SeasonShift(0.4, "last year"))})
    change = shop.change(shop.customers[0])
    assert only(change, "model")
    assert change.moved["p_purchase"].on_the_link["model"] == pytest.approx(0.4)
    assert "season +" in change_lines(change, "GBP")[0]


def test_all_causes_together_add_up(shop: Shop) -> None:
    shop.serve({30: another_model(shop)})
    known = shop.customers[0]
    shop.score(LATER, order(known, "2024-06-28", "55.00", "B1"), order(known, "2024-07-11", "45.00", "B2"))
    change = shop.change(known)
    assert all(size != 0 for size in change.moved["p_purchase"].parts.values())
    assert change.happened == "2 orders since, 100.00 GBP"
    assert_adds_up(change)


def test_a_chance_that_a_shorter_horizon_lifted_is_taken_apart_as_it_was_served(shop: Shop) -> None:
    serving = shop.outcome.serving
    eager = replace(at_another_season(serving, SeasonShift(2.0, "")), model_id="eager")
    shop.serve({14: eager, 30: serving})
    shop.serve({14: replace(serving, model_id="calm"), 30: serving})
    change = shop.change(shop.customers[0])
    assert change.note == ""
    assert only(change, "model")
    assert change.moved["p_purchase"].after < change.moved["p_purchase"].before
    assert_adds_up(change)


def test_a_customer_since_then_has_no_change(shop: Shop) -> None:
    shop.score(LATER, order("N0001", "2024-07-10", "30.00"))
    change = shop.change("N0001")
    assert change.moved == {}
    assert "new customer" in change.note
    assert change_lines(change, "GBP") == [f"since {FIRST}: {change.note}"]
    assert json.loads(json.dumps(change.as_json()))["since"] == FIRST


def test_without_the_models_of_then_only_the_change_is_told(shop: Shop) -> None:
    shop.score(LATER)
    shutil.rmtree(kept_runs(shop.state)[0].folder / "models-30d")
    change = shop.change(shop.customers[0])
    assert "no longer kept" in change.note
    assert all(moved.parts == {} for moved in change.moved.values())
    lines = change_lines(change, "GBP")
    assert "->" in lines[0]
    assert change.note in lines[-1]


def test_the_models_of_then_outlive_the_finished_steps(shop: Shop) -> None:
    shop.score(LATER)
    shutil.rmtree(shop.state / "steps")
    assert shop.change(shop.customers[0]).note == ""


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        ({"foretell": "0.0.1"}, "another version"),
        ({"value": "gross"}, "gross"),
        ({"as_of": 2**60}, "later day"),
        ({"models": {"90": "m"}, "seasons": {"90": 0.0}}, "90 days ahead, not 30"),
    ],
)
def test_scores_that_cannot_be_compared_say_why(shop: Shop, edited: Mapping[str, object], said: str) -> None:
    shop.score(LATER)
    card = kept_runs(shop.state)[0].folder / "run.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | edited))
    change = shop.change(shop.customers[0])
    assert said in change.note
    assert all(moved.parts == {} for moved in change.moved.values())


def test_a_log_that_changed_since_the_last_scores_is_noticed(shop: Shop) -> None:
    shop.score(LATER)
    last = kept_runs(shop.state)[-1]
    customer = shop.customers[0]
    shop.score(LATER, order(customer, "2024-07-20", "70.00"))
    newest = kept_runs(shop.state)[-1]
    shutil.copytree(last.folder, newest.folder, dirs_exist_ok=True)
    request = request_of_last_run(shop.folder / "out")
    row = customer_of(customer, request)
    stale = replace(row, values=row.values | {"p_purchase": row.values["p_purchase"] * 0.9})
    change = score_change_of(stale, request)
    assert change is not None
    assert "has changed since the last scores" in change.note


def test_of_each_horizon_the_newest_are_kept_and_the_same_scores_once(shop: Shop) -> None:
    serving = shop.outcome.serving
    for number in (1, 1, 2, 3):
        shop.serve({30: replace(serving, model_id=f"m{number}")})
    shop.serve({14: serving})
    runs = kept_runs(shop.state)
    assert [dict(run.models) for run in runs] == [{30: "m2"}, {30: "m3"}, {14: serving.model_id}]
    assert len(list((shop.state / FOLDER).iterdir())) == KEPT + 1


def test_a_run_that_cannot_be_read_is_as_if_it_had_never_been(shop: Shop) -> None:
    shop.score(LATER)
    (kept_runs(shop.state)[0].folder / "run.json").write_text("{")
    request = request_of_last_run(shop.folder / "out")
    assert score_change_of(customer_of(shop.customers[0], request), request) is None
