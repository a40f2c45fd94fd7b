"""Shadow scores are what the models say: the champion's are the published ones, and they overlap no earlier ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.retraining.early import early_days
from foretell.outcomes.retraining.shadow import BASELINE, CHAMPION, PREDECESSOR, SHADOW_SCORES
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.champion.shadows import Shadowed, drop_other_lines, early_exponent, of_line, shadow_scores
from foretell.pipeline.loop.versions import listed
from foretell.project.intervals import days
from foretell.storage.catalogue import Catalogue
from pipeline.loop.champion.planted import planted
from shops.private_shop import copied_run


def test_the_champion_says_what_was_published_and_the_best_baseline_is_asked(shop_run: PublishedRun) -> None:
    (kept,) = of_line(shop_run.catalogue, 1)
    shadow = shop_run.catalogue.artefacts.read(SHADOW_SCORES, kept.kept)
    assert shadow.asked == (CHAMPION, BASELINE)
    assert (shadow.version, shadow.predecessor, shadow.early_days) == (1, 0, 8)
    assert shadow.baseline_name == shop_run.main.proof.choices["purchase"].best_baseline
    table = shop_run.main.customers
    assert shadow.keys.tolist() == table["customer_key"].to_pylist()
    assert shadow.chance(CHAMPION) == pytest.approx(np.array(table["p_purchase"].to_pylist()), abs=1e-6)
    assert np.abs(shadow.chance(BASELINE) - shadow.chance(CHAMPION)).max() > 0.01


def test_another_version_is_held_against_its_predecessor(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    planted(place, shift=2.0)
    catalogue = Catalogue(place.state)
    (kept,) = of_line(catalogue, 1)
    shadow = catalogue.artefacts.read(SHADOW_SCORES, kept.kept)
    assert (shadow.asked, shadow.predecessor) == ((CHAMPION, PREDECESSOR, BASELINE), 1)
    assert (shadow.chance(CHAMPION) > shadow.chance(PREDECESSOR)).all()
    drop_other_lines(catalogue, 2)
    assert catalogue.kept_for_good(SHADOW_SCORES.name) == []


def test_a_run_whose_early_days_overlap_those_of_an_earlier_one_keeps_none(shop_run: PublishedRun) -> None:
    plan, catalogue = shop_run.main.plan, shop_run.catalogue
    version = listed(catalogue)[0].version
    later = replace(plan, as_of=plan.as_of + days(early_days(30)) - 1)
    made = {name: kept for (_, name), kept in shop_run.record.artefacts.items()}
    assert shadow_scores(catalogue, Shadowed(kept_engine(shop_run.request), later, made, version, None, 1)) is None


def test_the_exponent_is_fitted_to_the_newest_test_and_the_part_without_one(shop_run: PublishedRun) -> None:
    engine, main = kept_engine(published(shop_run.request.place).request), shop_run.main
    assert early_exponent(engine, main.plan, main.proof) == listed(shop_run.catalogue)[0].version.early_exponent
    assert early_exponent(engine, main.plan, replace(main.proof, forecasts=())) == 8 / 30
