"""Rehearsing estimates on a shop: what had come by a day is what its labels say, and nothing of another horizon."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.labels import own_labels
from foretell.outcomes.estimates.rehearsal import TOTAL, rehearsed_days
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.rehearsing import Arriving, rehearsal_of


def test_every_day_is_counted_as_a_label_of_that_horizon_is(shop_main: RunOverHorizon) -> None:
    engine, cutoffs, days = kept_engine(shop_main.request), (shop_main.plan.as_of,), (3, 30)
    for batch in (bucket.read(2**62) for bucket in engine.buckets):
        keys, came = Arriving(cutoffs, days)(batch)
        assert keys is batch.customer_key
        for place, day in enumerate(days):
            labels = own_labels(batch, cutoffs[0], day)
            assert (came[0, 0, :, place] == labels["orders"]).all()
            assert (came[1, 0, :, place] == labels["spend"]).all()


def test_the_models_that_serve_are_rehearsed_at_their_tests(shop_main: RunOverHorizon) -> None:
    found, proof = rehearsal_of(kept_engine(shop_main.request), shop_main.plan, shop_main.proof), shop_main.proof
    assert [stage.day for stage in found.stages] == [0, *rehearsed_days(30)]
    assert found.apart == 2
    serving = proof.serving("orders")
    tests = sorted(
        (one for one in proof.forecasts if (one.objective, one.model) == ("orders", serving)), key=lambda f: f.cutoff
    )
    row = found.stages[0].of("orders", TOTAL)
    assert row is not None
    assert row.realised == pytest.approx([one.actual.sum() / one.predicted.sum() for one in tests])
    ranked = found.stages[0].of("purchase", "auroc")
    told = [
        r.value
        for r in proof.measured
        if (r.objective, r.slice, r.model, r.metric) == ("purchase", "all", proof.serving("purchase"), "auroc")
    ]
    assert ranked is not None
    assert sorted(ranked.realised) == pytest.approx(sorted(np.array(told, dtype=float)))


def test_tests_over_another_horizon_rehearse_nothing(shop_main: RunOverHorizon) -> None:
    plan = replace(shop_main.plan, horizon_days=60)
    assert "tests were over 30 days" in rehearsal_of(kept_engine(shop_main.request), plan, shop_main.proof).missing
    nothing = replace(shop_main.proof, forecasts=(), unproved="the log is short")
    assert rehearsal_of(kept_engine(shop_main.request), shop_main.plan, nothing).missing == "the log is short"
