"""Proving: the evidence at past cutoffs decides who serves, and what is dear is tried where it might."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.backtest.selection import choose
from foretell.examples.planned import EXAMPLES
from foretell.examples.slices import SLICES
from foretell.forecasts.orders.candidates import BASELINES, SELDOM_SERVE, candidates
from foretell.forecasts.orders.proving import TEST, prove
from foretell.models.blend import Blend
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent
from foretell.storage.artefacts import FOLDER
from foretell.storage.work import Parts, Work


class Steps(Silent):
    """Counts the parts that were announced, and those that were done."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def step(self, name: str, total: int = 1) -> None:
        self.total += total

    def advance(self, parts: int = 1) -> None:
        self.done += parts


@pytest.fixture
def proof(shop_main: RunOverHorizon) -> Proof:
    return shop_main.proof


def test_who_serves_follows_from_the_forecasts(proof: Proof) -> None:
    for name in ("purchase", "spend", "decline"):
        own = [f for f in proof.forecasts if f.objective == name and f.model in candidates(TARGETS[name])]
        assert proof.choices[name] == choose(own, candidates(TARGETS[name]), BASELINES, seed=0, preferred=Blend.name)


def test_the_same_event_is_answered_by_one_model(proof: Proof) -> None:
    told, teller = proof.choices["becomes_high_value"], proof.choices["high_value"]
    assert told.model == teller.model
    assert told.reason.startswith(f"{teller.model} serves, as for high_value")
    assert told.scores != teller.scores


def test_what_hardly_ever_serves_is_tried_at_the_newest_cutoff(proof: Proof) -> None:
    served = {choice.model for choice in proof.choices.values()}
    newest = max(f.cutoff for f in proof.forecasts)
    for name in set(SELDOM_SERVE) - served:
        assert {f.cutoff for f in proof.forecasts if f.model == name} == {newest}


def test_kinds_of_customers_are_measured_of_who_serves_and_the_best_baseline(proof: Proof) -> None:
    for name, choice in proof.choices.items():
        models = {row.model for row in proof.measured if row.objective == name and row.slice in SLICES}
        assert models == {choice.model, choice.best_baseline}


def test_a_log_too_short_is_unproved(shop_main: RunOverHorizon) -> None:
    examples = shop_main.read(EXAMPLES).proving
    for given, plan in ((None, shop_main.plan), (examples, replace(shop_main.plan, proving=None))):
        found = prove(given, plan, None, Work())
        assert (found.forecasts, found.choices, found.grades) == ((), {}, {})
        assert found.unproved == "the log is too short for a test at a past cutoff"


def test_a_question_alone_is_proved_as_among_others_and_finished_tests_are_kept(
    shop_main: RunOverHorizon, tmp_path: Path
) -> None:
    asked = tuple(one for one in shop_main.plan.objectives if one.target.name == "decline")
    plan, steps = replace(shop_main.plan, objectives=asked), Steps()
    found = prove(
        shop_main.read(EXAMPLES).proving, plan, None, Work(0, 1, steps, Parts(tmp_path, {"proof": "of a test"}))
    )
    assert found.choices == {"decline": shop_main.proof.choices["decline"]}
    assert found.grades == {"decline": shop_main.proof.grades["decline"]}
    assert plan.proving is not None
    kept = [path.name for path in (tmp_path / FOLDER).iterdir()]
    assert len(kept) >= len(plan.proving.tests)
    assert all(name.startswith(TEST.name) for name in kept)
    assert steps.done == steps.total == len(plan.proving.tests) + 1
