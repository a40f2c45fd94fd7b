"""The backtest is told from the files of the last run alone, and tells what they hold."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

import pytest

from foretell.answers.backtest import last_backtests
from foretell.backtest.measures import Measures
from foretell.examples.slices import SLICES
from foretell.pipeline.exports import every_measure
from foretell.pipeline.run import Outcome
from foretell.project.errors import InputError
from foretell.words.metrics import GOES_WHERE

NAMED = {"base_rate", "recency", "status_quo", "rfm_cells"}


def test_it_holds_what_the_run_found(shop_outcome: Outcome) -> None:
    told = last_backtests(shop_outcome.request.out)[0]
    assert [asdict(row) for row in told.measures.rows] == every_measure(shop_outcome)
    for objective, choice in shop_outcome.proof.choices.items():
        service = told.service(objective)
        assert service is not None
        assert (service.proved, service.best_baseline) == (choice.model, choice.best_baseline)
        assert service.grade is not None
        assert service.grade["advice"] == shop_outcome.proof.grades[objective].advice


def test_who_serves_stands_first_next_to_every_baseline(shop_outcome: Outcome) -> None:
    told = last_backtests(shop_outcome.request.out)[0]
    for objective in told.measures.objectives():
        for slice_name in told.tables(objective):
            first, *others = told.standings(objective, slice_name)
            assert first.serves
            assert not any(one.serves for one in others)
            named = {"stays", "markov"} if objective.startswith(GOES_WHERE) else NAMED
            assert {one.model for one in (first, *others)} >= named
    assert {"base_rate", "bg_nbd"} <= set(told.formulas())


def test_a_figure_is_the_mean_with_its_spread_and_worst_cutoff(shop_outcome: Outcome) -> None:
    rows = [
        row
        for row in shop_outcome.proof.measured
        if (row.objective, row.slice, row.model) == ("purchase", "all", "recency")
    ]
    told = Measures(shop_outcome.proof.measured)
    for metric, worst in (("auroc", min), ("log_loss", max)):
        values = {row.cutoff: row.value for row in rows if row.metric == metric and row.value is not None}
        found = told.over_cutoffs("purchase", "all", "recency", metric)
        assert found is not None
        assert found.mean == pytest.approx(fmean(values.values()))
        assert (found.lowest, found.highest) == (min(values.values()), max(values.values()))
        assert values[found.worst_cutoff] == worst(values.values())
    assert told.over_cutoffs("purchase", "all", "nobody", "auroc") is None


def test_a_bias_is_worst_furthest_from_zero(shop_outcome: Outcome) -> None:
    told = Measures(shop_outcome.proof.measured)
    found = told.over_cutoffs("spend", "all", "base_rate", "relative_bias")
    assert found is not None
    values = {r.cutoff: r.value for r in told.at_cutoffs("spend", "all", "base_rate", "relative_bias")}
    assert values[found.worst_cutoff] == max((v for v in values.values() if v is not None), key=abs)


def test_every_kind_of_customers_is_there(shop_outcome: Outcome) -> None:
    told = last_backtests(shop_outcome.request.out)[0]
    assert told.slices("purchase") == ["all", "active", *SLICES]
    assert told.slices("churn") == ["active", *SLICES]


@pytest.mark.parametrize(
    ("asked", "name"),
    [("auroc", "auroc"), ("AP", "average_precision"), ("log loss", "log_loss"), ("Gini", "normalised_gini")],
)
def test_a_metric_is_found_by_its_name_and_in_words(shop_outcome: Outcome, asked: str, name: str) -> None:
    assert last_backtests(shop_outcome.request.out)[0].named(asked) == name


def test_an_unknown_metric_is_told_the_known_ones(shop_outcome: Outcome) -> None:
    with pytest.raises(InputError, match="not measured") as caught:
        last_backtests(shop_outcome.request.out)[0].named("accuracy")
    assert "auroc" in str(caught.value.expected)


def test_without_results_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run") as caught:
        last_backtests(tmp_path / "nowhere")
    assert "foretell run" in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"objective": "purchase"}]', '{"a": 1}'])
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, shop_outcome: Outcome, text: str) -> None:
    out = tmp_path / "out"
    (out / ".foretell").mkdir(parents=True)
    for name in ("last_run.json", "model_cards.json"):
        (out / ".foretell" / name).write_bytes((shop_outcome.request.state / name).read_bytes())
    (out / "backtest.json").write_text(text)
    with pytest.raises(InputError, match="cannot be read") as caught:
        last_backtests(out)
    assert caught.value.file == str(out / "backtest.json")


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
    (told,) = last_backtests(tmp_path)
    assert [one.model for one in told.standings("churned", "all")] == ["b", "a"]
    assert [asdict(one) for one in told.measures.rows] == rows
