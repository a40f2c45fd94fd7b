"""An estimate is searched once for the same numbers, and is that of the search itself."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foretell.btyd import estimated_once
from foretell.btyd.beta_geometric import BG_NBD, MBG_NBD, BetaGeometricParameters
from foretell.btyd.estimated_once import estimated
from foretell.btyd.summary import CannotFit, Summary, summarised


def drawn(seed: int, customers: int = 80) -> Summary:
    random = np.random.default_rng(seed)
    age = random.integers(30, 300, customers)
    days = random.integers(1, 6, customers)
    return summarised(days, np.where(days > 1, age * random.random(customers), 0.0), age)


def test_the_same_numbers_are_searched_once_and_others_anew() -> None:
    asked: list[Summary] = []

    def fit(summary: Summary) -> BetaGeometricParameters:
        asked.append(summary)
        return BG_NBD.fit(summary)

    one, again, other = drawn(1), drawn(1), drawn(2)
    first = estimated(fit, one)
    assert first == BG_NBD.fit(one)
    assert estimated(fit, again) is first
    assert asked == [one]
    assert estimated(fit, other) == BG_NBD.fit(other) != first
    more = replace(one, customers=one.customers + 1.0)
    assert estimated(fit, more) == BG_NBD.fit(more) != first
    assert len(asked) == 3


def test_each_process_has_its_own_estimate() -> None:
    summary = drawn(3)
    assert estimated(BG_NBD.fit, summary) == BG_NBD.fit(summary)
    assert estimated(MBG_NBD.fit, summary) == MBG_NBD.fit(summary)
    assert estimated(BG_NBD.fit, summary) != estimated(MBG_NBD.fit, summary)


def test_a_refusal_is_kept_and_told_again() -> None:
    nobody = Summary(np.zeros(1), np.zeros(1), np.full(1, 4.0), np.full(1, 20.0))
    with pytest.raises(CannotFit, match="only 0 of 20 customers") as first:
        estimated(BG_NBD.fit, nobody)
    with pytest.raises(CannotFit, match="only 0 of 20 customers") as second:
        estimated(BG_NBD.fit, nobody)
    assert first.value is not second.value


def test_no_more_are_kept_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = OrderedDict[Any, Any]()
    monkeypatch.setattr(estimated_once, "_KEPT", kept)
    monkeypatch.setattr(estimated_once, "MOST_KEPT", 3)
    found = [estimated(BG_NBD.fit, drawn(seed, customers=40)) for seed in range(6)]
    assert list(kept.values()) == found[-3:]
