"""Every customer has one depth and one age; the proof measures each kind for who serves and the best baseline."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.backtest import backtests
from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import PROOF, Proof
from foretell.cli.screen.backtest import backtest_lines
from foretell.customer_log.stable_keys import code_of
from foretell.examples.examples import Examples
from foretell.examples.slices import FEWEST_CUSTOMERS, SLICES, measured_slices, slices_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.objectives import TOLD_OTHERWISE
from foretell.project.progress import Silent
from kept import read_again
from shop import made_shop, written

DEPTH = ("one order", "2 to 4 orders", "5 orders and more")
AGE = ("new customers", "older customers")


def examples_of(purchase_days: list[int], observed_days: list[int]) -> Examples:
    rows = len(purchase_days)
    facts = {"purchase_days": np.array(purchase_days, float), "observed_days": np.array(observed_days, float)}
    return Examples(30, np.arange(rows), np.zeros(rows), (), np.zeros((rows, 0)), facts, {}, {})


def from_places(country: list[str | None], channel: list[str | None]) -> Examples:
    """Customers with a country and a channel."""
    codes = [[code_of(text) if text else np.nan for text in texts] for texts in (country, channel)]
    plain = examples_of([1] * len(country), [0] * len(country))
    names = ("first_order_country", "first_order_channel")
    words = {code_of(text): text for text in [*country, *channel] if text}
    return replace(plain, feature_names=names, features=np.array(codes, float).T, words=words)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 900)), max_size=30))
def test_each_customer_has_one_depth_and_one_age(facts: list[tuple[int, int]]) -> None:
    found = slices_of(examples_of([f[0] for f in facts], [f[1] for f in facts]))
    for names in (DEPTH, AGE):
        assert (np.sum([found[name] for name in names], axis=0) == 1).all()
    assert set(found) == {*DEPTH, *AGE}


def test_borders() -> None:
    found = slices_of(examples_of([1, 2, 4, 5], [0, 90, 91, 900]))
    assert {name: mask.tolist() for name, mask in found.items()} == {
        "one order": [True, False, False, False],
        "2 to 4 orders": [False, True, True, False],
        "5 orders and more": [False, False, False, True],
        "new customers": [True, True, False, False],
        "older customers": [False, False, True, True],
    }


def test_common_countries_are_apart_and_all_others_together() -> None:
    countries = ["Peru"] * 130 + ["Chad"] * 120 + ["Mali"] * 110 + ["Fiji"] * 105 + ["Iran"] * 101 + ["Oman", None]
    found = slices_of(from_places(countries, ["web"] * len(countries)))
    assert {name: int(mask.sum()) for name, mask in found.items() if ": " in name} == {
        "country: Peru": 130,
        "country: Chad": 120,
        "country: Mali": 110,
        "country: Fiji": 105,
        "country: other": 103,
    }


PLACES = st.lists(st.sampled_from(["Peru", "Chad", "Other", "other", None]), min_size=1, max_size=9)


@given(PLACES, st.integers(1, 120))
def test_each_customer_has_one_country_and_one_channel(some: list[str | None], times: int) -> None:
    texts = some * times
    found = slices_of(from_places(texts, texts))
    for kind in ("country", "channel"):
        masks = {name: mask for name, mask in found.items() if name.startswith(f"{kind}: ")}
        assert len(masks) != 1
        assert not masks or (np.sum(list(masks.values()), axis=0) == 1).all()
        for name, mask in masks.items():
            assert name == f"{kind}: other" or mask.sum() >= FEWEST_CUSTOMERS


def test_slices_are_told_by_kind_the_rest_last() -> None:
    seen = ["all", "country: other", "one order", "channel: web", "country: Peru", "all", "channel: other"]
    assert measured_slices(seen) == [
        "one order", "channel: web", "channel: other", "country: Peru", "country: other",
    ]  # fmt: skip


def test_forecasts_are_kept_with_the_names_of_their_slices(tmp_path: Path) -> None:
    names = ("country: Côte D'ivoire", "channel: app/ios, v2.0: new", "channel: " + "x" * 60, "channel: ..\\..")
    slices = {name: np.array([n % 2 == 0, True]) for n, name in enumerate(names)}
    forecast = Forecast("purchase", "probability", 30, 0, "blend", np.arange(2), np.full(2, 0.5), np.ones(2), slices)
    [found] = read_again(PROOF, Proof((forecast,), (), {}, {}, {}), tmp_path).forecasts
    assert list(found.slices) == list(names)
    assert all((found.slices[name] == slices[name]).all() for name in names)


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> RunOverHorizon:
    """A run on a shop whose customers come from two countries; those of one never come back."""
    countries = ("PERU", "peru", "Chad", "Chad", "Mali")
    rows = []
    once = set()
    for row in made_shop(customers=420, days=57):
        number = int(row["customer"][1:])
        country = countries[number % 5]
        if country != "Chad" or row["order_no"] in once or row["customer"] not in once:
            once |= {row["customer"], row["order_no"]}
            rows.append({**row, "country": country})
    folder = tmp_path_factory.mktemp("abroad")
    request = request_for_files([written(rows, folder / "orders.csv")], folder / "out", horizons=(20,), workers=1)
    return run(request, Silent()).run.main


def test_countries_are_proved_and_told(abroad: RunOverHorizon) -> None:
    place = abroad.request.place
    assert abroad.intake.columns["country"] == "country"
    measured = json.loads((place.out / "backtest.json").read_text())
    places = {"country: Peru", "country: Chad", "country: other"}
    assert {row["slice"] for row in measured if ": " in row["slice"]} == places
    choice = abroad.proof.choices["purchase"]
    rows = [row for row in measured if row["slice"] == "country: Chad" and row["objective"] == "purchase"]
    assert {row["model"] for row in rows} == {choice.model, choice.best_baseline}
    told = backtests(place)[0]
    assert told.slices("purchase")[-3:] == ["country: Peru", "country: Chad", "country: other"]
    assert any(line.lstrip().startswith("country: Chad") for line in backtest_lines(told))
    assert "country: Chad" in (place.out / "report.html").read_text(encoding="utf-8")


def test_a_country_that_never_comes_back_is_learned_and_is_a_reason(abroad: RunOverHorizon) -> None:
    assert "first_order_country: Chad" in abroad.models.feature_names
    chance, reasons = (abroad.scores[name].to_pylist() for name in ("p_purchase", "reasons"))
    gone = [p for p, why in zip(chance, reasons, strict=True) if "less likely: first order came from Chad" in why]
    assert len(gone) > 50
    assert np.mean(gone) < 0.5 * np.mean(chance)
    assert not any("first order came from Chad" in one and one.startswith("likelier") for why in reasons for one in why)


def test_models_that_learned_a_country_are_stored(abroad: RunOverHorizon) -> None:
    scores = abroad.scores
    [customers] = (abroad.request.place.state / "artefacts").glob("customers-*")
    shutil.rmtree(customers)
    assert run(abroad.request, Silent()).run.main.scores.equals(scores)
    assert customers.is_dir()


def test_who_serves_and_the_best_baseline_are_measured_on_each_kind(shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof
    for objective in {row.objective for row in proof.measured}:
        choice = proof.choices[TOLD_OTHERWISE.get(objective, objective)]
        for name in SLICES:
            rows = [row for row in proof.measured if (row.objective, row.slice) == (objective, name)]
            assert {row.model for row in rows} == {choice.model, choice.best_baseline}


def test_kinds_of_customers_add_up_to_all(shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof

    def customers(name: str) -> dict[tuple[str, str], int]:
        served = proof.serving("spend")
        rows = [r for r in proof.measured if (r.objective, r.slice, r.model) == ("spend", name, served)]
        return {(row.cutoff, row.metric): row.n for row in rows}

    everybody = customers("all")
    assert everybody
    for names in (DEPTH, AGE):
        parts = [customers(name) for name in names]
        assert {key: sum(part[key] for part in parts) for key in everybody} == everybody
