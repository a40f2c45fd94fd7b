from __future__ import annotations

import pytest

from foretell.generated.calendar import NO_DRIFT
from foretell.generated.request import BLOCK, LARGEST_SEED, NOUNS, ShopRequest
from foretell.project.errors import InputError


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ((0, 30), "customers"),
        ((5, 0), "days"),
        ((5, 30, -1), "seed"),
        ((5, 30, LARGEST_SEED + 1), "seed"),
        ((5, 30, 0, 31), "drift"),
        ((5, 30, 0, 0), "drift"),
    ],
)
def test_what_is_out_of_reach_is_refused(asked: tuple[int, ...], names: str) -> None:
    with pytest.raises(InputError) as refused:
        ShopRequest(*asked)
    assert refused.value.column == f"--{names}"
    assert refused.value.expected


def test_blocks_hold_every_customer_once() -> None:
    blocks = ShopRequest(2 * BLOCK + 1, 30).blocks
    assert [n for block in blocks for n in block] == list(range(2 * BLOCK + 1))
    assert max(map(len, blocks)) == BLOCK


def test_drift_is_counted_from_the_first_day() -> None:
    assert ShopRequest(5, 30).calendar.drift_day == NO_DRIFT
    assert ShopRequest(5, 30, drift_day=1).calendar.drifted.all()


def test_every_noun_of_every_block_draws_for_itself() -> None:
    request = ShopRequest(5, 30)
    drawn = {request.random(noun, block).random() for noun in NOUNS for block in range(3)}
    assert len(drawn) == len(NOUNS) * 3
    assert request.random("orders").random() == ShopRequest(9, 90).random("orders").random()
    assert request.random("orders").random() != ShopRequest(5, 30, 1).random("orders").random()
