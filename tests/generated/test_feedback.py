from __future__ import annotations

import polars

from foretell.generated.feedback import COMPLAINTS, KINDS, TEXTS
from shops.planted_shop import planted_shop, with_truth

SHOP = planted_shop()
FEEDBACK = with_truth(SHOP["feedback"], SHOP)
COMPLAINED = FEEDBACK.filter(polars.col("kind") == "complaint")


def test_whoever_leaves_for_a_bad_experience_complained_within_thirty_days_before() -> None:
    end = SHOP["paid"]["time"].max()
    told = (polars.col("reason") == "bad experience") & (polars.col("leaves_at") <= end)
    driven = SHOP["truth"].filter(told)
    lately = COMPLAINED.filter(polars.col("time") > polars.col("leaves_at") - polars.duration(days=30))
    assert len(driven) > 500
    assert set(driven["customer_id"]) <= set(lately["customer_id"])
    assert lately["score"].max() <= 2  # type: ignore[operator]
    assert set(lately["text"]) == set(COMPLAINTS)


def test_few_others_complain() -> None:
    others = SHOP["truth"].filter(polars.col("reason").is_null() | (polars.col("reason") != "bad experience"))
    share = others["customer_id"].is_in(COMPLAINED["customer_id"].implode()).mean()
    assert 0 < share < 0.08  # type: ignore[operator]


def test_nobody_speaks_after_leaving() -> None:
    assert (FEEDBACK["leaves_at"].is_null() | (FEEDBACK["time"] < FEEDBACK["leaves_at"])).all()


def test_scores_stay_on_their_scale_and_words_fit_the_kind() -> None:
    for kind, low, high in zip(KINDS, (1, 1, 0), (2, 5, 10), strict=True):
        scores = FEEDBACK.filter(polars.col("kind") == kind)["score"]
        assert scores.is_between(low, high).all()
        assert len(scores) > 0
    assert set(FEEDBACK["text"].drop_nulls()) == set(TEXTS)
    assert FEEDBACK.filter(polars.col("kind") == "survey")["text"].count() == 0
