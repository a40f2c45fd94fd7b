"""What may be asked of an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foretell.flat.uplift.request import UpliftRequest, uplift_request
from foretell.project.errors import InputError


def asked(**options: Any) -> UpliftRequest:
    return uplift_request(["a.csv"], None, "group", "none", "bought", **options)


def test_money_is_read_by_name() -> None:
    found = asked(value=["bought=2.5"], cost=["Mail = A=0.1", "call=3"], seed=4, drop=["x"])
    assert found.value == 2.5
    assert found.cost == {"Mail = A": 0.1, "call": 3.0}
    assert (found.seed, found.drop, found.out) == (4, ("x",), Path("foretell-uplift"))
    assert asked().value == 1.0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"value": ["spend=1"]}, "another column"),
        ({"value": ["bought"]}, "cannot be read"),
        ({"value": ["bought=much"]}, "cannot be read"),
        ({"value": ["bought=nan"]}, "cannot be read"),
        ({"value": ["bought=0"]}, "worth nothing"),
        ({"value": ["bought=1"], "cost": ["mail=-1"]}, "below nothing"),
        ({"cost": ["mail=1"]}, "not said what the outcome is worth"),
        ({"customer": "bought"}, "the outcome and the id"),
        ({"keep": ["a"], "drop": ["a"]}, "kept or dropped"),
        ({"drop": ["group"]}, "the arm"),
        ({"seed": -1}, "seed"),
        ({"decimal": ";"}, "decimal"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        asked(**options)


def test_a_file_is_needed() -> None:
    with pytest.raises(InputError, match="No file"):
        uplift_request([], None, "group", "none", "bought")
