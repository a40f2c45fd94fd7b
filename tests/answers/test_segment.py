"""What sets segments apart, kept beside the run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.answers.segment import kept_segment, write_segment_reasons
from foretell.models.contract import Contributions
from foretell.project.errors import InputError
from foretell.scores.segment_reasons import theme_columns


def tables(horizon_days: int, moved: float) -> tuple[pa.Table, pa.Table]:
    """Three customers and their scores: two of a segment whose odds are higher, one without a segment."""
    contributions = Contributions(0.0, ("own_rhythm",), np.array([[moved], [moved], [-moved]]))
    customers = pa.table({**theme_columns(contributions), "days_since_last": [3.0, 5.0, 90.0]})
    scores = pa.table(
        {
            "horizon_days": pa.array([horizon_days] * 3, pa.int32()),
            "as_of": pa.array([datetime(2024, 5, 1)] * 3, pa.timestamp("us", tz="UTC")),
            "segment": ["Céline's", "Céline's", None],
        }
    )
    return customers, scores


def test_a_segment_is_told_over_the_horizon_that_is_asked(tmp_path: Path) -> None:
    write_segment_reasons([tables(30, 1.5), tables(90, 0.3)], tmp_path, "EUR")
    near, far = (kept_segment(" CÉLINE'S ", tmp_path, days) for days in (30, 90))
    assert near["reasons"] == ["odds 2.7 times those of everybody: last order 4 days ago"]
    assert far["reasons"] == ["odds 1.2 times those of everybody: last order 4 days ago"]
    assert (far["customers"], far["as_of"], far["horizon_days"]) == (2, "2024-05-01", 90)
    assert kept_segment("céline's", tmp_path, None) == near


def test_an_unknown_segment_and_a_missing_run_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        kept_segment("Lost", tmp_path, 30)
    write_segment_reasons([tables(30, 1.5)], tmp_path, "EUR")
    with pytest.raises(InputError, match="Céline's"):
        kept_segment("Lost", tmp_path, 30)
