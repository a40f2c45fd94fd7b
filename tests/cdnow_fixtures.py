"""The published CDNOW sample (Fader and Hardie), as the lifetimes package carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

END_OF_CALIBRATION = date(1997, 9, 30).toordinal()


@dataclass(frozen=True)
class Cohort:
    """One entry a customer, at the end of the published calibration period."""

    purchase_days: np.ndarray
    first_to_last_days: np.ndarray
    observed_days: np.ndarray
    repeat_value_mean: np.ndarray


@pytest.fixture(scope="session")
def cdnow() -> Cohort:
    found = find_spec("lifetimes")
    assert found is not None
    assert found.origin is not None
    lines = (Path(found.origin).parent / "datasets" / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    spent: dict[str, dict[int, float]] = {}
    for line in lines:
        _, customer, day, _, amount = line.split()
        moment = date(int(day[:4]), int(day[4:6]), int(day[6:])).toordinal()
        if moment <= END_OF_CALIBRATION:
            days = spent.setdefault(customer, {})
            days[moment] = days.get(moment, 0.0) + float(amount)
    ordered = [sorted(days.items()) for days in spent.values()]
    return Cohort(
        np.array([len(days) for days in ordered], dtype=np.float64),
        np.array([days[-1][0] - days[0][0] for days in ordered], dtype=np.float64),
        np.array([END_OF_CALIBRATION - days[0][0] for days in ordered], dtype=np.float64),
        np.array([np.mean([value for _, value in days[1:]]) if len(days) > 1 else 0.0 for days in ordered]),
    )
