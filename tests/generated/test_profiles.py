from __future__ import annotations

import polars
import pytest

from foretell.generated.parameters import Parameters
from foretell.generated.profiles import AGE_GROUPS
from shops.planted_shop import planted_shop

SHOP = planted_shop()
PROFILES = SHOP["profiles"]


def test_everybody_has_a_first_row_at_sign_up() -> None:
    first = PROFILES.filter(polars.col("since") == polars.col("signed_up_at"))
    assert set(first["customer_id"]) == set(SHOP["truth"]["customer_id"])
    assert len(first) == len(SHOP["truth"])


def test_a_move_adds_a_row_and_changes_the_city_alone() -> None:
    moved = PROFILES.filter(polars.col("since") > polars.col("signed_up_at"))
    assert len(moved) > 100
    first = PROFILES.filter(polars.col("since") == polars.col("signed_up_at"))
    both = moved.join(first, on="customer_id", validate="1:1")
    assert (both["city"] != both["city_right"]).all()
    assert (both["age_group"] == both["age_group_right"]).all()
    assert (both["source"] == both["source_right"]).all()


def test_ages_have_the_shares_they_were_fitted_to() -> None:
    found = dict(PROFILES.unique("customer_id")["age_group"].value_counts(normalize=True).iter_rows())
    assert [found[group] for group in AGE_GROUPS] == pytest.approx(Parameters().age_shares, abs=0.02)
