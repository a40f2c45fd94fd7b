"""The evidence of a run is what its examples, its proof, its models and its scores say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from example_fixtures import generated_examples
from foretell.answers.published import RunOverHorizon
from foretell.backtest.proof import Proof
from foretell.examples.examples import Examples
from foretell.examples.planned import EXAMPLES, PlannedExamples
from foretell.health.checks import FINDINGS, findings
from foretell.health.evidence import Evidence
from foretell.health.gathered import FEWEST_OF_A_KIND, IN_WORDS, auroc_alone, evidence_of
from foretell.pipeline.intake.log import kept_engine
from foretell.timelines.engine import Engine


@pytest.fixture(scope="module")
def taught() -> Examples:
    """Enough rows of each kind at the newest cutoff."""
    return generated_examples(900)


def gathered(main: RunOverHorizon, engine: Engine, **other: object) -> Evidence:
    """The evidence of the run, with another proof or other examples."""
    parts = {"plan": main.plan, "examples": main.read(EXAMPLES), "proof": main.proof} | other
    return evidence_of(engine, serving=main.models, customers=main.customers, **parts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def engine(shop_main: RunOverHorizon) -> Engine:
    """The engine over the shop."""
    return kept_engine(shop_main.request)


@pytest.fixture(scope="module")
def evidence(shop_main: RunOverHorizon, engine: Engine) -> Evidence:
    """The evidence of the shop."""
    return gathered(shop_main, engine)


def test_findings_of_a_run_are_those_of_its_evidence(shop_main: RunOverHorizon, evidence: Evidence) -> None:
    assert findings(evidence) == shop_main.read(FINDINGS)


def test_evidence_is_what_was_forecast_and_what_came(shop_main: RunOverHorizon, evidence: Evidence) -> None:
    proof = shop_main.proof
    newest = max(forecast.cutoff for forecast in proof.forecasts)
    served = {f.objective: f for f in proof.forecasts if f.model == proof.serving(f.objective) and f.cutoff == newest}
    assert evidence.share is not None
    assert evidence.share.tested == pytest.approx(served["purchase"].actual.mean())
    assert evidence.share.told == pytest.approx(served["purchase"].predicted.mean())
    assert evidence.share.customers == len(served["purchase"].actual)
    assert all(0 < share < 1 for share in evidence.share.taught)
    for total in evidence.totals:
        assert total.actual == pytest.approx(served[total.objective].actual.sum())
        assert total.low <= total.forecast / total.actual - 1 <= total.high
    for objective, (positives, _) in evidence.fewest.items():
        of_all = [f for f in proof.forecasts if (f.objective, f.model) == (objective, proof.serving(objective))]
        assert positives == min(int((forecast.actual > 0).sum()) for forecast in of_all)


def test_evidence_is_what_customers_are(shop_main: RunOverHorizon, evidence: Evidence) -> None:
    spend = dict(zip(shop_main.customers["customer_id"].to_pylist(), evidence.spend_by_customer, strict=True))
    assert evidence.largest_customer == max(spend, key=lambda name: spend[name])
    assert set(evidence.populations) == set(IN_WORDS.values())
    scored = evidence.populations["frequency"].scored
    assert sorted(scored) == sorted(shop_main.customers["lifetime_orders"].to_pylist())
    assert sum(evidence.importance.values()) <= 1 + 1e-9
    assert set(evidence.importance) <= set(shop_main.models.feature_names)


def test_without_a_proof_nothing_is_said_of_it(shop_main: RunOverHorizon, engine: Engine) -> None:
    untested = gathered(shop_main, engine, proof=Proof((), (), {}, {}, {}))
    assert (untested.share, untested.totals, untested.fewest, untested.populations) == (None, (), {}, {})
    untaught = gathered(
        shop_main, engine, examples=PlannedExamples(None, None, True), plan=replace(shop_main.plan, serving=None)
    )
    assert (untaught.share, untaught.auroc_alone, untaught.importance) == (None, {}, {})


def test_the_auroc_of_a_feature_is_the_share_of_pairs_that_it_puts_in_order(taught: Examples) -> None:
    newest = taught.take((taught.cutoff == taught.cutoff.max()) & np.isfinite(taught.labels["ordered"]))
    found = auroc_alone(taught)
    assert tuple(found) == taught.feature_names
    ordered = newest.labels["ordered"] > 0
    for name in ("orders_90d", "days_since_last", "mean_gap_days"):
        values = np.nan_to_num(newest.feature(name), nan=-1.0)
        apart = values[ordered][:, None] - values[~ordered][None, :]
        assert found[name] == pytest.approx(((apart > 0) + (apart == 0) / 2).mean()), name
    assert found["always_one"] == found["always_null"] == 0.5


def test_too_few_of_a_kind_tell_nothing(taught: Examples) -> None:
    newest = np.flatnonzero((taught.cutoff == taught.cutoff.max()) & np.isfinite(taught.labels["ordered"]))
    ordered = newest[taught.labels["ordered"][newest] > 0]
    others = np.setdiff1d(newest, ordered)
    few = FEWEST_OF_A_KIND - 1
    assert auroc_alone(taught.take(np.sort(np.append(ordered[:few], others)))) == {}
    assert auroc_alone(taught.take(np.sort(np.append(ordered, others[:few])))) == {}
