"""The figures of the proof: of the model that serves, over all cutoffs, where there is something to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from changed_runs import changed
from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import PROOF, Proof
from foretell.report.pictures.figures import AT_CUTOFFS, cutoff_figures, figures
from foretell.words.wording import model_name, percent

TITLES = [
    "Do the chances come true?",
    "How many buyers are found?",
    "How much of the spend is found?",
    "From which chance on?",
]


def titles(one: RunOverHorizon, proof: Proof) -> list[str]:
    return [figure.title for figure in figures(changed(one, {PROOF.name: proof}))]


def test_a_run_shows_chances_gains_and_thresholds(shop_main: RunOverHorizon) -> None:
    found = figures(shop_main)
    assert [figure.title for figure in found] == TITLES
    choice = shop_main.proof.choices["purchase"]
    assert found[1].legend[0] == ("ours", model_name(choice.model))
    threshold = shop_main.models.thresholds["purchase"]
    assert f"chosen: {percent(threshold)}" in found[3].drawing


def test_the_tenth_ranked_highest_is_counted_over_all_cutoffs(shop_main: RunOverHorizon) -> None:
    serving = shop_main.proof.serving("purchase")
    own = [f for f in shop_main.proof.forecasts if (f.objective, f.model) == ("purchase", serving)]
    predicted = np.concatenate([f.predicted for f in own])
    actual = np.concatenate([f.actual for f in own])
    tenth = np.argsort(-predicted, kind="stable")[: len(predicted) // 10]
    held = float(actual[tenth].sum() / actual.sum())
    text = figures(shop_main)[1].text.replace("\xa0", " ")
    assert float(text.partition("held ")[2].partition(" %")[0]) == pytest.approx(100 * held, abs=1.5)


def test_a_baseline_that_serves_is_drawn_once(shop_main: RunOverHorizon) -> None:
    choice = shop_main.proof.choices["purchase"]
    served = replace(choice, model=choice.best_baseline or "")
    proof = replace(shop_main.proof, choices={**shop_main.proof.choices, "purchase": served})
    found = figures(changed(shop_main, {PROOF.name: proof}))
    assert [name for style, name in found[1].legend if style != "ideal"] == [model_name(choice.best_baseline)]


def test_another_model_is_drawn_beside_the_best_baseline(shop_main: RunOverHorizon) -> None:
    choice = replace(shop_main.proof.choices["purchase"], model="blend")
    proof = replace(shop_main.proof, choices={**shop_main.proof.choices, "purchase": choice})
    found = figures(changed(shop_main, {PROOF.name: proof}))
    assert [name for style, name in found[1].legend if style != "ideal"] == [
        "blend of models",
        model_name(choice.best_baseline),
    ]


def test_what_cannot_be_drawn_is_left_out(shop_main: RunOverHorizon) -> None:
    proof = shop_main.proof
    assert titles(shop_main, replace(proof, forecasts=())) == []
    assert titles(shop_main, replace(proof, choices={})) == []
    nobody = tuple(replace(f, actual=np.zeros(len(f.actual))) for f in proof.forecasts)
    assert titles(shop_main, replace(proof, forecasts=nobody)) == TITLES[:1]
    unknown = tuple(
        replace(f, predicted=np.full(len(f.predicted), np.nan)) if f.objective == "purchase" else f
        for f in proof.forecasts
    )
    assert titles(shop_main, replace(proof, forecasts=unknown)) == TITLES[2:3]


def test_each_metric_is_shown_cutoff_by_cutoff(shop_main: RunOverHorizon) -> None:
    found = cutoff_figures(shop_main.proof)
    assert [figure.title for figure in found] == [title for _, _, title, _, _ in AT_CUTOFFS]
    assert {figure.drawing.count('<circle class="dot ours"') for figure in found} == {4}
    only = replace(shop_main.proof, choices={"spend": shop_main.proof.choices["spend"]})
    assert [figure.title for figure in cutoff_figures(only)] == [one[2] for one in AT_CUTOFFS if one[0] == "spend"]
    assert cutoff_figures(replace(shop_main.proof, measured=())) == []
