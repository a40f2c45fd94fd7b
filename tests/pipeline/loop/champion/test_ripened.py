"""Ripe shadow scores: whose windows have passed, who ordered in them, and without those who were treated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.actions.assignments import Act, Assignments, Campaign
from foretell.answers.published import PublishedRun
from foretell.outcomes.grading.realised import realised
from foretell.outcomes.retraining.shadow import BASELINE, SHADOW_SCORES
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.champion.ripened import claims, ordered_in, ripe_windows
from foretell.pipeline.loop.champion.shadows import of_line
from foretell.project.intervals import days
from foretell.storage.artefacts import Kept
from foretell.storage.catalogue import Catalogue
from foretell.storage.kept_for_good import KeptForGood
from shops.private_shop import copied_run


def kept(day: int) -> KeptForGood:
    return KeptForGood(f"run {day}", day, days(day), 30, Kept("shadow_scores", "k", "f", {}))


def test_windows_are_ripe_at_their_end_and_those_of_one_length_lie_apart() -> None:
    shadows = [kept(day) for day in (0, 8, 16, 24, 32)]
    found = ripe_windows(shadows, days(38))
    assert found == [(days(day), 8) for day in (0, 8, 16, 24)] + [(0, 30)]
    assert (days(32), 8) in ripe_windows(shadows, days(40))
    assert (days(32), 8) not in ripe_windows(shadows, days(40) - 1)
    assert ripe_windows(shadows, days(62))[-2:] == [(0, 30), (days(32), 30)]


def test_one_pass_tells_what_a_window_at_a_time_does(shop_run: PublishedRun) -> None:
    engine, plan = kept_engine(shop_run.request), shop_run.main.plan
    windows = [(plan.as_of - days(60), 30), (plan.as_of - days(20), 8)]
    found = ordered_in(engine, windows)
    for moment, length in windows:
        expected = realised(engine, moment, length, plan.survey)
        assert found[moment, length].customer_key.tolist() == expected.customer_key.tolist()
        assert found[moment, length].came.tolist() == (expected["ordered"] > 0).tolist()
    assert ordered_in(engine, []) == {}


def test_who_was_treated_within_the_window_does_not_count_and_damage_is_left_out(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    catalogue = Catalogue(place.state)
    own = of_line(catalogue, 1)
    windows = [(own[0].as_of, 8)]
    (claim,) = claims(catalogue, kept_engine(shop_run.request), own, windows)
    shadow = catalogue.artefacts.read(SHADOW_SCORES, own[0].kept)
    everybody = len(shadow.keys)
    assert (claim.against, claim.horizon_days, claim.found.rows) == (BASELINE, 8, everybody)
    ids = [str(one) for one in shadow.customers["customer_id"].to_pylist()]
    treat(Assignments(place.state), ids[:5], own[0].as_of + days(2), "treated")
    treat(Assignments(place.state), ids[5:9], own[0].as_of + days(2), "control")
    treat(Assignments(place.state), ids[9:12], own[0].as_of + days(8), "treated")
    (less,) = claims(catalogue, kept_engine(shop_run.request), own, windows)
    assert less.found.rows == everybody - 5
    path = catalogue.artefacts.root / own[0].kept.folder / "value.json"
    path.write_text("{}", "utf-8")
    assert claims(catalogue, kept_engine(shop_run.request), own, windows) == []


def test_log_loss_is_that_of_the_published_chances(shop_run: PublishedRun) -> None:
    own = of_line(shop_run.catalogue, 1)
    shadow = shop_run.catalogue.artefacts.read(SHADOW_SCORES, own[0].kept)
    (claim,) = claims(shop_run.catalogue, kept_engine(shop_run.request), own, [(own[0].as_of, 30)])
    happened = realised(kept_engine(shop_run.request), own[0].as_of, 30, shop_run.main.plan.survey)
    came = happened.of_keys(shadow.keys)[1]["ordered"] > 0
    losses = [-np.where(came, np.log(chance), np.log1p(-chance)).mean() for chance in map(shadow.chance, shadow.asked)]
    assert claim.found.worse == pytest.approx(losses[0] - losses[1])


def treat(ledger: Assignments, ids: list[str], at: int, arm: str) -> None:
    rows = len(ids)
    name = f"{arm} {at}"
    assigned = pa.table(
        {
            "customer_id": ids,
            "assigned_at": [at] * rows,
            "playbook": ["p"] * rows,
            "campaign": [name] * rows,
            "arm": [arm] * rows,
            "offer": [""] * rows,
            "channel": [""] * rows,
            "cost": [0.0] * rows,
            "stratum": [""] * rows,
            "propensity": [0.5] * rows,
        }
    )
    ledger.commit(Campaign(name, "p", "batch", at, 14, "orders", {}), Act("run", "crm@shop", at), assigned)
