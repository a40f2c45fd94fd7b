"""An attribute is what was told last before the cutoff; an account is as old as its sign-up."""

from __future__ import annotations

import math

import pytest

from foretell.customer_log.stable_keys import code_of
from foretell.features import FEATURES
from foretell.features.tables.profiles import ATTRIBUTES
from made_told import Told
from made_views import bought, fact, told

LINES = (bought(50), bought(50, customer="b"))


def city(day: float, *value: str, known: float | None = None) -> Told:
    told_of = {"step": "told", "attribute": "city"} | ({"value": value[0]} if value else {})
    return fact("profiles", day, "a", known, **told_of)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([city(10, "Bonn"), city(60, "Kiel")], "Kiel"),
        ([city(10, "Bonn"), city(100, "Kiel")], "Bonn"),
        ([city(10, "Bonn"), city(60, "Kiel", known=101)], "Bonn"),
        ([city(10, "Bonn"), city(60)], None),
        ([], None),
    ],
)
def test_a_change_of_address_does_not_rewrite_the_past(facts: list[Told], expected: str | None) -> None:
    found = told("profile_city", LINES, facts=facts)
    assert found["a"] == pytest.approx(math.nan if expected is None else code_of(expected), nan_ok=True)
    assert math.isnan(found["b"])


def test_an_account_is_as_old_as_its_sign_up() -> None:
    found = told("account_age_days", LINES, facts=[fact("profiles", 20, step="signed up"), city(10, "Bonn")])
    assert found["a"] == 80.0
    assert math.isnan(found["b"])


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_attribute_is_told_as_what_it_is(attribute: str) -> None:
    feature = FEATURES[f"profile_{attribute}"]
    assert (feature.unit, feature.table) == ("code", "profiles")
    assert attribute in feature.meaning
    assert feature.words.says.endswith(" {}")
