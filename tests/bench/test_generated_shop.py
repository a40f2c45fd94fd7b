from __future__ import annotations

import json

import pytest
from bench.generated_shop.fits import from_online_retail
from bench.generated_shop.run import MEASURED, PAGE, page, shown

from foretell.generated.parameters import ONLINE_RETAIL, Parameters, described


def test_what_is_said_to_be_of_online_retail_is_what_it_says() -> None:
    found = from_online_retail()
    fitted = [one for one in described(Parameters()) if one["source"] == ONLINE_RETAIL]
    assert len(fitted) > 5
    for one in fitted:
        assert one["value"] == pytest.approx(found[one["name"]], rel=0.01, abs=0.001), one["name"]


def test_the_page_is_that_of_the_figures_beside_it() -> None:
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == page(found)
    for values in found.values():
        for name, value in values.items():
            if not name.startswith("leaving"):
                assert getattr(Parameters(), name) == pytest.approx(value, rel=0.01, abs=0.001), name


def test_figures_are_shown_in_three_digits() -> None:
    assert shown(0.12345) == "0.123"
    assert shown([1.0, 2.5]) == "1 2.5"
