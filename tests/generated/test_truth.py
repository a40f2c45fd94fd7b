from __future__ import annotations

import json

import polars
import pytest

from foretell.generated.customers import KINDS
from foretell.generated.parameters import Parameters
from foretell.generated.request import ShopRequest
from foretell.generated.truth import truth_texts
from shops.planted_shop import planted_shop

SHOP = planted_shop()
TRUTH = SHOP["truth"]


def test_uplift_is_that_of_the_kind() -> None:
    p = Parameters()
    told = {kind: a - b for kind, a, b in zip(KINDS, p.order_if_treated, p.order_if_control, strict=True)}
    for kind, uplift in TRUTH.group_by("contact_kind").agg(polars.col("uplift").unique()).iter_rows():
        assert uplift == pytest.approx([told[kind]])


def test_signs_belong_to_their_reason() -> None:
    for sign, reason in (("complains_at", "bad experience"), ("cools_from", "falling engagement")):
        assert (TRUTH[sign].is_not_null() == (TRUTH["reason"] == reason).fill_null(False)).all()
    assert (TRUTH["complains_at"] > TRUTH["last_order_at"]).all()
    assert (TRUTH["cools_from"] <= TRUTH["last_order_at"]).all()


def test_the_texts_say_that_all_is_generated_and_from_what() -> None:
    texts = truth_texts(ShopRequest(7, 30, 2, 20))
    assert "is generated" in texts["README.txt"]
    assert "7 customers, 30 days from 2023-01-01 on, seed 2, drift from day 20 on" in texts["README.txt"]
    told = json.loads(texts["parameters.json"])
    assert told["generated"] is True
    assert told["asked"] == {"customers": 7, "days": 30, "seed": 2, "drift_day": 20, "first_day": "2023-01-01"}
    assert len(told["parameters"]) > 30
