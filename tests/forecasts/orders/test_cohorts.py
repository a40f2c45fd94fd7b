from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.forecasts.orders.cohorts import cohorts_of


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def names(firsts: list[str], known_from: str) -> list[str]:
    first_day = np.array([day(one) for one in firsts])
    cohorts = cohorts_of(first_day, day(known_from))
    return [cohorts.name(int(code)) for code in cohorts.codes(first_day)]


def test_quarters_while_they_are_few() -> None:
    told = names(["2024-01-05", "2024-02-20", "2024-03-31", "2024-04-01", "2024-09-30"], "2024-02-01")
    assert told == [
        "seen before 2024-02-01, age unknown",
        "first order in 2024 Q1",
        "first order in 2024 Q1",
        "first order in 2024 Q2",
        "first order in 2024 Q3",
    ]


def test_half_years_then_years_then_the_oldest_years_together() -> None:
    assert names(["2023-02-01", "2024-03-01"], "2023-01-01") == ["first order in 2023 H1", "first order in 2024 H1"]
    years = ["2021-05-01", "2022-05-01", "2023-05-01"]
    assert names(years, "2021-01-01") == [f"first order in {year}" for year in (2021, 2022, 2023)]
    older = names(["2018-07-01", *years], "2018-01-01")
    assert older[0] == older[1] == "first order in 2021 or before"
    assert older[3] == "first order in 2023"


@given(st.lists(st.integers(10_000, 20_000), min_size=1, max_size=50), st.integers(9_000, 21_000))
def test_everybody_is_in_one_of_at_most_four(firsts: list[int], known_from: int) -> None:
    first_day = np.array(firsts)
    cohorts = cohorts_of(first_day, known_from)
    codes = cohorts.codes(first_day)
    assert len(np.unique(codes)) <= 4
    np.testing.assert_array_equal(codes == 0, first_day < known_from)
    later = np.argsort(first_day, kind="stable")
    assert (np.diff(codes[later]) >= 0).all()
    assert len({cohorts.name(code) for code in range(4)}) == 4
