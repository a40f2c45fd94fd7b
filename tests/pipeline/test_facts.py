"""What a step is given: its declared needs and nothing else, each identified by what can change it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.policy import DrawnContacts
from foretell.features import FEATURES
from foretell.pipeline.facts import (
    DRAWN,
    FEATURE_CODE,
    INTAKE_OF_RUN,
    KEPT_CUTS,
    MONEY,
    PLAN_OF_RUN,
    PLANNED,
    PROOF_ASKED,
    SEGMENTS_ASKED,
    SETTINGS,
    SHORTER_SCORES,
    Given,
    RunFact,
    RunFacts,
    feature_code,
)
from foretell.pipeline.intake.log import kept_engine
from foretell.project.request import IF_NOBODY, Policy
from foretell.scores.customers import SCORES
from foretell.storage.work import Work

FACTS: tuple[RunFact[Any], ...] = (
    PLANNED,
    PLAN_OF_RUN,
    INTAKE_OF_RUN,
    FEATURE_CODE,
    MONEY,
    SEGMENTS_ASKED,
    PROOF_ASKED,
    DRAWN,
    KEPT_CUTS,
    SHORTER_SCORES,
    SETTINGS,
)


@pytest.fixture
def facts(shop_main: RunOverHorizon) -> RunFacts:
    return RunFacts(shop_main.request, kept_engine(shop_main.request), shop_main.intake, shop_main.plan, None)


def given(facts: RunFacts, one: RunOverHorizon, *needs: Any) -> Given:
    kept = {name: kept for (_, name), kept in one.run.record.artefacts.items()}
    return Given(needs, facts, one.run.catalogue.artefacts, Work(), kept)


def changed_by(facts: RunFacts, other: RunFacts) -> set[str]:
    return {fact.name for fact in FACTS if fact.identity(facts) != fact.identity(other)}


def test_each_fact_is_changed_by_what_it_holds_and_by_nothing_else(facts: RunFacts) -> None:
    def with_settings(**settings: Any) -> RunFacts:
        request = replace(facts.request, settings=replace(facts.request.settings, **settings))
        return replace(facts, request=request)

    planned = {PLANNED.name, PLAN_OF_RUN.name}
    assert changed_by(facts, facts) == set()
    assert changed_by(facts, with_settings(seed=1)) == {*planned, SETTINGS.name}
    assert changed_by(facts, with_settings(margin=0.5)) == {MONEY.name, SETTINGS.name}
    assert changed_by(facts, with_settings(name="another")) == {SETTINGS.name}
    later = replace(facts, plan=replace(facts.plan, as_of=facts.plan.as_of + 1))
    assert changed_by(facts, later) == planned
    reason = replace(facts, plan=replace(facts.plan, horizon_reason="as it suits"))
    assert changed_by(facts, reason) == {PLAN_OF_RUN.name}
    asked = replace(facts.request, asked=replace(facts.request.asked, segment_set="value"))
    assert changed_by(facts, replace(facts, request=asked)) == {SEGMENTS_ASKED.name}
    asked = replace(facts.request, asked=replace(facts.request.asked, proof="full"))
    assert changed_by(facts, replace(facts, request=asked)) == {PROOF_ASKED.name}
    assert changed_by(facts, replace(facts, intake=replace(facts.intake, notes=("a note",)))) == {INTAKE_OF_RUN.name}
    loads = tuple(replace(load, withdrawn=2) for load in facts.intake.loads)
    assert changed_by(facts, replace(facts, intake=replace(facts.intake, loads=loads))) == {
        *planned,
        INTAKE_OF_RUN.name,
    }


def test_the_ledger_counts_where_the_policy_asks_for_it_alone(facts: RunFacts) -> None:
    def with_draw(policy: Policy, *, treated: bool) -> RunFacts:
        one = (np.array([7], dtype=np.uint64), np.array([1]), np.array([2]), np.array([treated]), np.array([0.5]))
        return replace(facts, drawn=DrawnContacts(policy, *one))

    usual, asked = with_draw("as usual", treated=True), with_draw(IF_NOBODY, treated=True)
    assert changed_by(facts, usual) == set()
    assert changed_by(facts, asked) == {DRAWN.name}
    assert changed_by(asked, with_draw(IF_NOBODY, treated=False)) == {DRAWN.name}


def test_features_change_with_the_campaigns_that_are_our_own_where_there_are_contacts(facts: RunFacts) -> None:
    def over(*names: str, tables: tuple[str, ...] = ("contacts",)) -> RunFacts:
        buckets = [replace(bucket, tables=dict.fromkeys(tables, ())) for bucket in facts.engine.buckets]
        return replace(facts, engine=replace(facts.engine, buckets=buckets).knowing(names))

    assert changed_by(over(), over("win back 1")) == {FEATURE_CODE.name}
    assert changed_by(over(tables=()), over("win back 1", tables=())) == set()


def test_what_only_says_where_and_how_fast_changes_nothing(facts: RunFacts) -> None:
    request = replace(facts.request, workers=9, now=facts.request.now + 1, assume_yes=True)
    assert changed_by(facts, replace(facts, request=request)) == set()


def test_a_need_that_is_not_declared_is_refused(facts: RunFacts, shop_main: RunOverHorizon) -> None:
    found = given(facts, shop_main, PLANNED, SCORES)
    assert found(PLANNED) is facts.plan
    assert found(SCORES) is found(SCORES)
    assert found(SCORES).equals(shop_main.scores)
    with pytest.raises(KeyError, match="needs settings"):
        found(SETTINGS)


def test_results_count_by_their_content_and_facts_by_their_identity(facts: RunFacts, shop_main: RunOverHorizon) -> None:
    found = given(facts, shop_main, SCORES, PROOF_ASKED).ingredients()
    kept = shop_main.run.record.artefacts[30, SCORES.name]
    assert found[SCORES.name] == kept.fingerprint
    assert set(found) == {SCORES.name, "how much is proved"}


def test_shorter_scores_are_read_where_there_are_any(facts: RunFacts, shop_main: RunOverHorizon) -> None:
    assert given(facts, shop_main, SHORTER_SCORES)(SHORTER_SCORES) is None
    shorter = replace(facts, shorter=shop_main.run.record.artefacts[30, SCORES.name])
    table = given(shorter, shop_main, SHORTER_SCORES)(SHORTER_SCORES)
    assert table is not None
    assert table.equals(shop_main.scores)
    assert changed_by(facts, shorter) == {SHORTER_SCORES.name}


def test_the_code_of_features_changes_with_the_features(monkeypatch: pytest.MonkeyPatch) -> None:
    before, name = feature_code(), next(iter(FEATURES))
    assert feature_code() == before
    monkeypatch.setitem(FEATURES, "another", FEATURES[name])
    assert feature_code() != before


def test_parts_are_kept_under_the_ingredients(facts: RunFacts, shop_main: RunOverHorizon) -> None:
    own = given(facts, shop_main, PLANNED)
    parts = own.with_parts({"a": "b"}).work.parts
    assert parts is not None
    assert (parts.state.resolve(), parts.ingredients) == (shop_main.request.place.state.resolve(), {"a": "b"})
    assert own.work.parts is None
