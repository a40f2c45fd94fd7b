"""What a user declares about the numbers that a business watches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from foretell.project.errors import InputError
from foretell.project.parts.kpis import OWN_WINDOWS, KpiPart, Target, kpis_of, parse_target


@given(st.floats(0, 1e9), st.booleans())
def test_a_target_is_read_as_it_is_written(value: float, is_ceiling: bool) -> None:
    text = f"{'at most ' if is_ceiling else ''}{value:,.4f}"
    found = parse_target(text)
    assert found.value == pytest.approx(value, abs=1e-4)
    assert found.is_ceiling == is_ceiling


@pytest.mark.parametrize("value", ["", "soon", "-3", True, "31 percent", "> 3"])
def test_what_is_no_target(value: object) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        parse_target(value)


def test_more_is_better_unless_it_is_a_ceiling() -> None:
    assert Target(3).is_met(3)
    assert not Target(3).is_met(2)
    assert Target(3, is_ceiling=True).is_met(2)
    assert not Target(3, is_ceiling=True).is_met(4)


def test_an_interval_tells_whether_a_target_will_be_met() -> None:
    assert [Target(3).prospect(low, high) for low, high in ((3, 5), (2, 4), (1, 2), (None, 4))] == [
        "on course",
        "open",
        "out of reach",
        "not known",
    ]
    assert Target(3, is_ceiling=True).prospect(4, 5) == "out of reach"


@pytest.mark.parametrize(
    "given", [{"name": "profit"}, {"name": "orders", "window": "30d"}, {"name": "repeat rate", "window": "soon"}]
)
def test_what_cannot_be_watched_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        KpiPart.model_validate(given)


def test_the_built_in_ones_follow_the_declared_ones() -> None:
    own = KpiPart(name="share in Champions", target="10 %")
    found = kpis_of([own, KpiPart(name="orders", target=100)])
    assert [part.name for part in found[:2]] == ["share in Champions", "orders"]
    assert sorted(part.name for part in found[1:]) == sorted(OWN_WINDOWS)
    assert own.segment == "Champions"
    assert KpiPart(name="repeat rate", window="90d").window_days == 90
