from __future__ import annotations

from pathlib import Path

import pytest

from foretell.generated.continued.state import read_state, write_state
from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, write_shop
from foretell.project.errors import InputError
from foretell.project.progress import Silent


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_shop(ShopRequest(20, 100, 5, 50, ahead=40), tmp_path / "shop", Silent())
    return tmp_path / "shop"


def test_what_was_asked_is_read_again(shop: Path) -> None:
    state = read_state(shop)
    assert (state.request, state.days) == (ShopRequest(20, 100, 5, 50, ahead=40), 100)
    write_state(shop, shop, 120, tuple(SOURCES))
    assert read_state(shop).days == 120


def test_a_folder_that_is_no_shop_or_not_as_it_was_is_refused(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="foretell generate shop"):
        read_state(tmp_path)
    write_shop(ShopRequest(20, 100), tmp_path / "short", Silent())
    with pytest.raises(InputError, match="--ahead"):
        read_state(tmp_path / "short")
    (shop / "orders.csv").open("a").write("by hand\n")
    with pytest.raises(InputError, match="other content"):
        read_state(shop)
    (shop / "orders.csv").unlink()
    with pytest.raises(InputError, match="no such file"):
        read_state(shop)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("parameters.json", '"value": 0.719', '"value": 0.5', "other parameters"),
        ("parameters.json", '"ahead": 40', '"behind": 40', "cannot be used"),
        ("state.json", "{", "", "no JSON"),
    ],
)
def test_a_truth_that_was_changed_is_refused(shop: Path, name: str, old: str, new: str, said: str) -> None:
    path = shop / "truth" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        read_state(shop)
