"""The backtest is told from what a run left, and tells what that holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

import pytest

from changed_runs import damage
from foretell.answers.backtest import backtests
from foretell.answers.published import PublishedRun, RunOverHorizon
from foretell.backtest.measures import Measures
from foretell.backtest.proof import PROOF
from foretell.examples.slices import SLICES
from foretell.pipeline.exports import every_measure
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.words.metrics import GOES_WHERE
from kept import copied

NAMED = {"base_rate", "recency", "status_quo", "rfm_cells"}


def test_it_holds_what_the_run_found(shop_run: PublishedRun) -> None:
    told, proof = backtests(shop_run.request.place)[0], shop_run.main.proof
    assert [asdict(row) for row in told.measures.rows] == every_measure(shop_run)
    for objective, choice in proof.choices.items():
        service = told.service(objective)
        assert service is not None
        assert (service.proved, service.best_baseline) == (choice.model, choice.best_baseline)
        assert service.grade is not None
        assert service.grade["advice"] == proof.grades[objective].advice


def test_who_serves_stands_first_next_to_every_baseline(shop_main: RunOverHorizon) -> None:
    told = backtests(shop_main.request.place)[0]
    for objective in told.measures.objectives():
        for slice_name in told.tables(objective):
            first, *others = told.standings(objective, slice_name)
            assert first.serves
            assert not any(one.serves for one in others)
            named = {"stays", "markov"} if objective.startswith(GOES_WHERE) else NAMED
            assert {one.model for one in (first, *others)} >= named
    assert {"base_rate", "bg_nbd"} <= set(told.formulas())


def test_a_figure_is_the_mean_with_its_spread_and_worst_cutoff(shop_main: RunOverHorizon) -> None:
    rows = [
        row
        for row in shop_main.proof.measured
        if (row.objective, row.slice, row.model) == ("purchase", "all", "recency")
    ]
    told = Measures(shop_main.proof.measured)
    for metric, worst in (("auroc", min), ("log_loss", max)):
        values = {row.cutoff: row.value for row in rows if row.metric == metric and row.value is not None}
        found = told.over_cutoffs("purchase", "all", "recency", metric)
        assert found is not None
        assert found.mean == pytest.approx(fmean(values.values()))
        assert (found.lowest, found.highest) == (min(values.values()), max(values.values()))
        assert values[found.worst_cutoff] == worst(values.values())
    assert told.over_cutoffs("purchase", "all", "nobody", "auroc") is None


def test_a_bias_is_worst_furthest_from_zero(shop_main: RunOverHorizon) -> None:
    told = Measures(shop_main.proof.measured)
    found = told.over_cutoffs("spend", "all", "base_rate", "relative_bias")
    assert found is not None
    values = {r.cutoff: r.value for r in told.at_cutoffs("spend", "all", "base_rate", "relative_bias")}
    assert values[found.worst_cutoff] == max((v for v in values.values() if v is not None), key=abs)


def test_every_kind_of_customers_is_there(shop_main: RunOverHorizon) -> None:
    told = backtests(shop_main.request.place)[0]
    assert told.slices("purchase") == ["all", "active", *SLICES]
    assert told.slices("churn") == ["active", *SLICES]


@pytest.mark.parametrize(
    ("asked", "name"),
    [("auroc", "auroc"), ("AP", "average_precision"), ("log loss", "log_loss"), ("Gini", "normalised_gini")],
)
def test_a_metric_is_found_by_its_name_and_in_words(shop_main: RunOverHorizon, asked: str, name: str) -> None:
    assert backtests(shop_main.request.place)[0].named(asked) == name


def test_an_unknown_metric_is_told_the_known_ones(shop_main: RunOverHorizon) -> None:
    with pytest.raises(InputError, match="not measured") as caught:
        backtests(shop_main.request.place)[0].named("accuracy")
    assert "auroc" in str(caught.value.expected)


def test_without_results_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run") as caught:
        backtests(Place.of_results(tmp_path / "nowhere"))
    assert "foretell run" in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"objective": "purchase"}]', '{"a": 1}'])
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "backtest.json").write_text(text)
    with pytest.raises(InputError, match="cannot be read") as caught:
        backtests(Place.of_results(tmp_path))
    assert caught.value.file == str(tmp_path / "backtest.json")


def test_a_broken_proof_is_an_error_that_names_it(tmp_path: Path, shop_run: PublishedRun) -> None:
    place, kept = copied(shop_run, tmp_path / "out").place, shop_run.record.artefacts[30, PROOF.name]
    damage(place, kept)
    with pytest.raises(InputError, match="result of the run is damaged: proof") as caught:
        backtests(place)
    assert kept.folder in (caught.value.file or "")
    assert "foretell run" in (caught.value.hint or "")


def test_a_run_is_asked_for_by_its_id(shop_run: PublishedRun) -> None:
    place = shop_run.request.place
    assert [one.source for one in backtests(place, shop_run.record.run)] == [f"run {shop_run.record.run}"]
    with pytest.raises(InputError, match="no such run") as caught:
        backtests(place, "another")
    assert shop_run.record.run in (caught.value.expected or "")


def test_a_flat_table_has_no_cutoff_and_every_model(tmp_path: Path) -> None:
    row: dict[str, object] = {
        "objective": "churned",
        "horizon_days": None,
        "cutoff": None,
        "slice": "all",
        "metric": "auroc",
    }
    row |= {"low": None, "high": None, "n": 9, "positives": 3}
    rows = [row | {"model": name, "value": value} for name, value in (("a", 0.6), ("b", 0.7))]
    (tmp_path / "backtest.json").write_text(json.dumps(rows))
    (told,) = backtests(Place.of_results(tmp_path))
    assert [one.model for one in told.standings("churned", "all")] == ["b", "a"]
    assert [asdict(one) for one in told.measures.rows] == rows
