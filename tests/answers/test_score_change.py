"""What moved a customer's scores, with each cause planted in a shop that was run, and scored again later."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from changed_runs import damage
from foretell.answers.customer import customer_of
from foretell.answers.model import MODEL_CARD
from foretell.answers.published import PublishedRun, published
from foretell.answers.score_change import CustomerChange, score_change_of
from foretell.answers.score_change_words import change_lines
from foretell.customer_log.roles.named_columns import columns_of
from foretell.examples.assembly import telling
from foretell.examples.plan import PLAN
from foretell.examples.planned import EXAMPLES
from foretell.forecasts.orders.serving import MODELS_THAT_SERVE, Serving, at_another_season
from foretell.forecasts.season.season import SeasonShift
from foretell.models.blend import Blend
from foretell.pipeline.intake.log import brought_up_to_date, kept_engine, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.project.objectives import TARGETS
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.scores.customers import CUSTOMERS, SCORES, MoneyTerms, ScoredBy, scored
from foretell.scores.table import at_least
from foretell.storage.artefacts import Artefact, Artefacts, Kept
from foretell.storage.catalogue import FILE_NAME, Catalogue, RunRecord
from shop import Rows, made_shop, written

BEGIN, FIRST, LATER = "2024-04-14", "2024-07-01", "2024-08-01"
MONEY = MoneyTerms("GBP", 1.0, 0.1, True)


@dataclass(frozen=True)
class Shop:
    """A shop after a run as of `FIRST`; nothing is in its file of a later day."""

    folder: Path
    first: PublishedRun
    rows: Rows

    @property
    def place(self) -> Place:
        return Place.of_results(self.folder / "out")

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.place.state)

    @property
    def customers(self) -> list[str]:
        return [str(one) for one in self.first.main.scores["customer_id"].slice(0, 12).to_pylist()]

    @property
    def serving(self) -> Serving:
        return self.first.main.models

    def write(self, *more: dict[str, str]) -> None:
        """Write the file with more rows in it."""
        written(sorted([*self.rows, *more], key=lambda row: row["sold_at"]), self.folder / "orders.csv")

    def score(self, as_of: str, *more: dict[str, str]) -> RunRecord:
        """Score again, with more rows in the file."""
        self.write(*more)
        return score(self.place, as_of, Silent()).run.record

    def serve(self, servings: Mapping[int, Serving]) -> RunRecord:
        """Serve everybody, as of the first day, by such models over such horizons, the longest as the main one."""
        main, engine, shorter = self.first.main, kept_engine(self.first.request), None
        made = dict[tuple[int, str], Kept]()
        for days, serving in sorted(servings.items()):
            over = replace(main.plan, horizon_days=days)
            customers = scored(engine, over, ScoredBy(serving), serving.season, MONEY, Silent())
            told = {
                "p_purchase": customers.table["p_purchase"],
                "expected_spend": customers.table["expected_spend"],
                "horizon_days": pa.array(np.full(len(customers.table), days, dtype=np.int32)),
                "model_id": pa.array(np.full(len(customers.table), serving.model_id)),
            }
            same = {name: main.scores[name] for name in main.scores.column_names if name not in told}
            own = pa.table({name: (told | same)[name] for name in main.scores.column_names})
            shorter = at_least(own, shorter)
            made |= {(days, name): kept for (_, name), kept in self.first.record.artefacts.items()}
            made[days, PLAN.name] = self.keep(PLAN, over)
            made[days, MODELS_THAT_SERVE.name] = self.keep(MODELS_THAT_SERVE, serving)
            made[days, CUSTOMERS.name] = self.keep(CUSTOMERS, customers)
            made[days, SCORES.name] = self.keep(SCORES, shorter)
        asked = {**self.first.record.asked, "horizons": sorted(servings, reverse=True)}
        return self.catalogue.publish(self.first.record.as_of, asked, made)

    def keep(self, artefact: Artefact[Any], value: object) -> Kept:
        """Keep another result under a key of its own."""
        artefacts = Artefacts(self.place.state)
        number = str(len(list(artefacts.root.iterdir())))
        return artefacts.kept_or_made(artefact, {"number": number}, lambda: value)[0]

    def only(self, *records: RunRecord) -> None:
        """Let the catalogue hold these runs alone, the last one as the newest."""
        (self.place.state / FILE_NAME).unlink()
        for one in records:
            self.catalogue.publish(one.as_of, one.asked, one.artefacts)

    def change(self, customer: str) -> CustomerChange:
        found = self.change_or_none(customer)
        assert found is not None
        return found

    def change_or_none(self, customer: str) -> CustomerChange | None:
        newest = published(self.place)
        return score_change_of(customer_of(customer, newest), newest)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("change") / "shop"
    folder.mkdir()
    rows = [row for row in made_shop() if BEGIN <= row["sold_at"] < FIRST]
    orders = written(rows, folder / "orders.csv")
    request = request_for_files([orders], folder / "out", horizons=(30,), as_of=FIRST, currency="GBP", workers=1)
    shop = Shop(folder, run(request, Silent()).run, rows)
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
    taught = shop.first.main.read(EXAMPLES).serving
    assert taught is not None
    taught = taught.take(taught.cutoff < taught.cutoff.max())
    names = telling(taught)
    blend = Blend().fit(taught.with_features(names), TARGETS["purchase"], 0)
    serving = shop.serving
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
    assert shop.change_or_none(shop.customers[0]) is None


def test_where_nothing_happened_until_a_later_day_all_is_time(shop: Shop) -> None:
    shop.score(LATER)
    for customer in shop.customers:
        change = shop.change(customer)
        assert only(change, "time")
        assert change.moved["p_purchase"].parts["time"] != 0
        assert (change.since, change.happened, change.model, change.note) == (FIRST, "", "", "")
        assert_adds_up(change)
    scores = shop.first.main.scores
    active = scores.filter(scores["p_churn"].is_valid())["customer_id"][0].as_py()
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
    assert change.happened == "2 orders since, 140 GBP; 1 refund, 12.00 GBP"
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
    shop.serve({30: at_another_season(shop.serving, SeasonShift(0.4, "last year"))})
    change = shop.change(shop.customers[0])
    assert only(change, "model")
    assert change.moved["p_purchase"].on_the_link["model"] == pytest.approx(0.4)
    assert "season +" in change_lines(change, "GBP")[0]


def test_all_causes_together_add_up(shop: Shop) -> None:
    known, before = shop.customers[0], shop.serve({30: another_model(shop)})
    shop.only(before, shop.first.record)
    later = shop.score(LATER, order(known, "2024-06-28", "55.00", "B1"), order(known, "2024-07-11", "65.00", "B2"))
    shop.only(before, later)
    change = shop.change(known)
    assert all(size != 0 for size in change.moved["p_purchase"].parts.values())
    assert change.happened == "2 orders since, 120 GBP"
    assert_adds_up(change)


def test_a_chance_that_a_shorter_horizon_lifted_is_taken_apart_as_it_was_served(shop: Shop) -> None:
    serving = shop.serving
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
    shop.serve({30: another_model(shop)})
    damage(shop.place, shop.first.record.artefacts[30, MODELS_THAT_SERVE.name])
    change = shop.change(shop.customers[0])
    assert "no longer kept" in change.note
    assert all(moved.parts == {} for moved in change.moved.values())
    lines = change_lines(change, "GBP")
    assert "->" in lines[0]
    assert change.note in lines[-1]


@pytest.mark.parametrize(
    ("edited", "said"),
    [("version", "another version"), ("value", "gross"), ("day", "later day"), ("horizon", "90 days ahead, not 30")],
)
def test_scores_that_cannot_be_compared_say_why(shop: Shop, edited: str, said: str) -> None:
    later, first = shop.score(LATER), shop.first.record
    request = first.asked["request"]
    card = shop.keep(MODEL_CARD, replace(shop.first.main.read(MODEL_CARD), foretell="0.0.1"))
    gross = {**request, "settings": {**request["settings"], "value": "gross"}}
    before = {
        "version": replace(first, artefacts={**first.artefacts, (30, MODEL_CARD.name): card}),
        "value": replace(first, asked={**first.asked, "request": gross}),
        "day": replace(first, as_of=2**60),
        "horizon": replace(
            first,
            asked={**first.asked, "horizons": [90]},
            artefacts={(90, name): kept for (_, name), kept in first.artefacts.items()},
        ),
    }[edited]
    shop.only(before, later)
    change = shop.change(shop.customers[0])
    assert said in change.note
    assert all(moved.parts == {} for moved in change.moved.values())


def test_a_log_that_changed_since_the_last_scores_is_noticed(shop: Shop) -> None:
    shop.score(LATER)
    customer, newest = shop.customers[0], published(shop.place)
    shop.write(order(customer, "2024-07-20", "70.00"))
    files, columns = source_of(newest.request), columns_of(newest.main.intake.columns)
    brought_up_to_date(newest.request, files, columns, Silent())
    assert "has changed since the last scores" in shop.change(customer).note


def test_a_run_that_cannot_be_read_is_as_if_it_had_never_been(shop: Shop) -> None:
    later, customer = shop.score(LATER), shop.customers[0]
    other = shop.serve({30: replace(shop.serving, model_id="other")})
    shop.only(shop.first.record, other, later)
    assert shop.change(customer).model == "new model"
    damage(shop.place, other.artefacts[30, SCORES.name])
    assert shop.change(customer).model == ""
    damage(shop.place, shop.first.record.artefacts[30, SCORES.name])
    assert shop.change_or_none(customer) is None
