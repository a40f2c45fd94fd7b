"""Only cutoffs on or after the champion's training are compared, on the customers of whom both say something."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.loop.champion.unseen import comparisons
from foretell.pipeline.loop.versions import listed
from pipeline.loop.champion.planted import log_of, planted, unpublished
from shops.private_shop import copied_run


def test_only_cutoffs_after_the_champions_training_count_and_a_spoiled_one_loses(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    challenger = unpublished(place, log_of(place))
    (own,) = listed(published(place).catalogue)
    assert comparisons(challenger, own) == [], "its own training day is after every test"
    old = planted(place, 3.0, 120)
    found = comparisons(challenger, old)
    assert [one.objective for one in found] == ["purchase", "spend"]
    proof = shop_run.main.proof
    cutoffs = {one.cutoff for one in proof.forecasts if one.objective == "purchase" and one.cutoff >= old.version.as_of}
    assert found[0].cutoffs == len(cutoffs) > 0
    assert found[0].by.value < 0
    assert found[0].by.p_value < 0.01
    serves = proof.serving("purchase")
    measured = [
        row.value
        for row in proof.measured
        if (row.objective, row.model, row.metric, row.slice) == ("purchase", serves, "log_loss", "all")
        and row.value is not None
    ]
    if len(measured) == len(cutoffs):
        assert found[0].challenger == pytest.approx(sum(measured) / len(measured), rel=1e-6)
