from __future__ import annotations

import pytest

from foretell.pipeline.simulation.asked import SimulationAsked
from foretell.project.errors import InputError


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"weeks": 1}, "--weeks"),
        ({"seeds": 0}, "--seeds"),
        ({"customers": 199}, "--customers"),
        ({"redraws": 0}, "--redraws"),
    ],
)
def test_what_is_out_of_reach_is_refused(wrong: dict[str, int], column: str) -> None:
    with pytest.raises(InputError) as refused:
        SimulationAsked(**wrong)
    assert column in str(refused.value)


def test_the_shop_is_drawn_as_far_as_the_loop_goes() -> None:
    asked = SimulationAsked(weeks=9, customers=400)
    shop = asked.shop(3)
    assert (shop.customers, shop.seed, shop.ahead) == (400, 3, 63)
    assert asked.budget == 20
    assert 1 <= asked.drift_week < asked.weeks
    assert SimulationAsked(weeks=2).drift_week == 1
