"""Recipes: every way in which they differ is told, and the same ones differ in nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from foretell.outcomes.retraining.model_version import Recipe
from outcomes.retraining.versions_made import RECIPE, version

OTHER: dict[str, Any] = {
    "serves": {"purchase": "bg_nbd", "spend": "blend"},
    "horizons": (60,),
    "value": "gross",
    "proof": "full",
    "seed": 5,
    "features": "other code",
    "tables": ("contacts",),
}


@pytest.mark.parametrize("name", [field.name for field in fields(Recipe)])
def test_each_part_of_a_recipe_is_told_where_it_differs(name: str) -> None:
    other = replace(RECIPE, **{name: OTHER[name]})
    assert other.differences(RECIPE)
    assert RECIPE.differences(RECIPE) == []


def test_tables_that_come_and_go_are_named() -> None:
    told = replace(RECIPE, tables=("contacts",)).differences(RECIPE)
    assert told == ["contacts is read, before it was not", "events is not read any more"]


def test_plain_values_do_not_hold_the_request() -> None:
    assert not {"request", "early_exponent"} & set(version().as_json())
    assert version(2).as_json()["taught"]["orders"] == 1_000
