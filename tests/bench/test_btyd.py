from __future__ import annotations

import numpy as np
import pytest
from bench.btyd.customers import PUBLISHED, cdnow, drawn
from bench.btyd.fit import FITS, PARAMETERS
from bench.btyd.run import agreement, log_likelihood
from hypothesis import given, settings
from hypothesis import strategies as st

FACTS = ("purchase_days", "first_to_last_days", "observed_days", "mean_value")


@given(st.integers(1, 300), st.integers(0, 1_000))
@settings(max_examples=40)
def test_drawn_customers_could_have_been(number: int, seed: int) -> None:
    made = drawn(number, seed)
    repeats, last, observed, value = (made[name] for name in FACTS)
    repeats = repeats - 1
    assert ((repeats >= 0) & (repeats <= last) & (last <= observed)).all()
    assert ((repeats > 0) == (last > 0)).all()
    assert (value[repeats == 0] == 0).all()
    assert all(np.array_equal(made[name], drawn(number, seed)[name]) for name in FACTS)


def test_drawn_customers_are_those_of_the_process() -> None:
    found = FITS["Foretell"]("BG/NBD", drawn(40_000, 1))()
    assert found == pytest.approx(PUBLISHED, rel=0.15)


def test_cdnow_after_39_weeks_is_the_published_sample() -> None:
    made = cdnow()
    assert len(made["purchase_days"]) == 2_357
    assert int((made["purchase_days"] == 1).sum()) == 1_411


@pytest.mark.parametrize("model", PARAMETERS)
def test_a_fit_of_either_library_is_higher_than_its_surroundings(model: str) -> None:
    given_customers = cdnow()
    optima = {library: fit(model, given_customers)() for library, fit in FITS.items()}
    found = {
        library: {"parameters": at, "log_likelihood": log_likelihood(model, at, given_customers)}
        for library, at in optima.items()
    }
    assert agreement(model, found)["agree"]
    highest = log_likelihood(model, optima["Foretell"], given_customers)
    for name in PARAMETERS[model]:
        for factor in (0.97, 1.03):
            moved = {**optima["Foretell"], name: optima["Foretell"][name] * factor}
            assert log_likelihood(model, moved, given_customers) < highest


def test_optima_that_are_apart_in_the_third_digit_do_not_agree() -> None:
    at = {"p": 6.25, "q": 3.74, "gamma": 15.44}

    def told(gamma: float, log_likelihood: float) -> bool | None:
        ours = {"parameters": at, "log_likelihood": -1_000.0}
        theirs = {"parameters": {**at, "gamma": gamma}, "log_likelihood": log_likelihood}
        agree: bool | None = agreement("Gamma-Gamma", {"Foretell": ours, "lifetimes": theirs})["agree"]
        return agree

    assert told(15.441, -1_000.1) is True
    assert told(15.46, -1_000.1) is False
    assert told(15.441, -1_001.0) is False


def test_a_fit_that_did_not_end_agrees_with_nothing() -> None:
    ended = {"parameters": {"p": 1.0}, "log_likelihood": -1.0}
    assert agreement("Gamma-Gamma", {"Foretell": ended, "lifetimes": {"parameters": None}}) == {"agree": None}
