"""The changelog: what changed is told, what did not is not."""

from __future__ import annotations

import numpy as np

from foretell.outcomes.retraining.changelog import Moved, changelog
from outcomes.retraining.versions_made import version


def test_the_first_version_has_nothing_before_it() -> None:
    assert changelog(version(), None) == ("The first version.",)


def test_the_same_data_and_recipe_tell_of_the_data_and_nothing_else() -> None:
    told = changelog(version(2), version())
    assert [one.replace("\xa0", " ") for one in told] == [
        "Taught by 1,000 orders up to 2026-01-01 (0 %), before by 1,000 up to 2026-01-01; 400 customers, before 400.",
        "The same recipe.",
    ]


def test_data_recipe_features_weights_and_people_are_told() -> None:
    moved = Moved(100, 30, 10, -0.02, (("Loyal", -0.04),))
    now = version(
        2,
        {"value": "gross"},
        since="2025-01-01",
        orders=1_500,
        sources={"orders.csv": 3_000, "more.csv": 5},
        columns={"customer": "who", "amount": "total"},
        features=("orders_90d", "visits_30d"),
        weights={"bg_nbd": 0.8, "gradient_boosting": 0.3},
    )
    told = " ".join(changelog(now, version(), moved)).replace("\xa0", " ")
    for part in (
        "1,500 orders up to 2026-01-01 (+50 %)",
        "The log begins on 2025-01-01, before on 2024-01-01.",
        "Sources: new: more.csv.",
        "Rows: orders.csv 3,000 rows, before 2,000.",
        "Columns: amount is total, before paid.",
        "Another recipe: spend is gross, before net.",
        "Features: new: visits_30d; gone: age_days.",
        "BG/NBD 80 %, before 40 %; gradient boosting 30 %, before 60 %",
        "for 30 of 100 customers (10 up, 20 down), −2.0 points on average.",
        "Most moved: Loyal −4.0 points.",
    ):
        assert part in told


def test_who_moves_is_counted_and_small_segments_are_not_named() -> None:
    now, before = np.array([0.5] * 40 + [0.2] * 10), np.array([0.4] * 40 + [0.9] * 10)
    found = Moved.between(now, before, ["many"] * 40 + ["few"] * 9 + [None])
    assert (found.customers, found.many, found.up) == (50, 50, 40)
    assert found.mean == np.mean(now - before)
    assert [name for name, _ in found.segments] == ["many"]
    nobody = Moved.between(np.zeros(0), np.zeros(0), [])
    assert (nobody.customers, nobody.mean, nobody.segments) == (0, 0.0, ())
