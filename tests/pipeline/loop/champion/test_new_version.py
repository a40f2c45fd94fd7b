"""A training run becomes a version: the same models are the same one, others follow it with a changelog."""

from __future__ import annotations

from pathlib import Path

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.retraining.model_version import MODEL_VERSION
from foretell.pipeline.loop.champion.new_version import recipe_of, versioned
from foretell.pipeline.loop.versions import listed
from pipeline.loop.champion.planted import log_of, planted, unpublished
from shops.private_shop import copied_run


def test_the_version_says_what_taught_it(shop_run: PublishedRun) -> None:
    (one,) = listed(shop_run.catalogue)
    taught, version = one.version.taught, one.version
    assert (taught.day, taught.customers) == ("2024-08-27", len(shop_run.main.scores))
    assert taught.features == shop_run.main.models.feature_names
    assert set(taught.sources) == {"orders.csv"}
    assert taught.columns["customer"] == "customer"
    assert sum(taught.weights.values()) > 0
    assert (version.follows, version.predecessor, version.stands_for) == (0, 0, 0)
    assert 0 < version.early_exponent < 3
    assert version.changes == ("The first version.",)


def test_the_same_models_are_the_same_version_and_others_say_what_changed(
    shop_run: PublishedRun, tmp_path: Path
) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    again = versioned(unpublished(place, log_of(place)))
    assert (again.version.number, again.now.line) == (1, 1)
    assert again.made[30, MODEL_VERSION.name] == shop_run.record.artefacts[30, MODEL_VERSION.name]
    found = unpublished(place, log_of(place))
    (first,) = listed(published(place).catalogue)
    assert recipe_of(found).differences(first.version.recipe) == []
    other = planted(place, shift=2.0)
    assert (other.number, other.version.follows, other.version.predecessor) == (2, 1, 1)
    assert "The same recipe." in other.version.changes
    (who,) = [one for one in other.version.changes if "5 points" in one]
    assert f"of {len(shop_run.main.scores)} customers" in who
    assert "0 down" in who
