"""Feedback: scores of any scale on one from 0 to 1, words of complaint counted, texts not kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.tables.feedback import FEEDBACK, RATING_UNITS, rating_of, scale_of
from read_tables import read_table

ROWS = """customer_id,time,kind,score,scale,text
a,2024-05-01 10:00,Review,4,1-5,fine
a,2024-05-02 10:00,nps,3,,Never again - arrived late and BROKEN!
a,2024-05-03 10:00,Complaint,,,the parcel is missing
a,2024-05-04 10:00,review,9,5,
a,2024-05-05 10:00,review,many,5,
a,2024-05-06 10:00,,4,5,
"""


def test_scores_are_ratings_from_0_to_1_and_words_of_complaint_are_counted(tmp_path: Path) -> None:
    found = read_table(tmp_path / "feedback.csv", FEEDBACK, ROWS)
    assert found.told("topic", "rating", "complaint_words") == [
        ("review", 750, 0),
        ("nps", 300, 3),
        ("complaint", None, 1),
        ("review", None, None),
    ]
    assert found.rejected == {6: ("score", "not a number"), 7: ("kind", "no kind")}
    assert not any("arrived" in str(value) for fact in found.facts for value in fact.values())


def test_a_ticket_that_was_closed_is_open_until_then(tmp_path: Path) -> None:
    rows = "customer_id,time,kind,closed_at\na,2024-05-01 10:00,ticket,2024-05-04 09:00\na,2024-05-02 10:00,case,\n"
    found = read_table(tmp_path / "feedback.csv", FEEDBACK, rows)
    assert found.told("at", "step", "topic") == [
        ("2024-05-01 10:00", "given", "ticket"),
        ("2024-05-02 10:00", "given", "ticket"),
        ("2024-05-04 09:00", "closed", "ticket"),
    ]


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("0 to 10", (0, 10)),
        ("7", (1, 7)),
        ("100", (0, 100)),
        ("1..5", (1, 5)),
        ("csat", (1, 5)),
        ("5-1", None),
        (None, None),
    ],
)
def test_a_scale_is_read_as_it_is_written(written: str | None, ends: tuple[float, float] | None) -> None:
    assert scale_of(written) == ends


@given(st.integers(-3, 14), st.sampled_from(("1-5", "0-10", "nps", "7", None, "good")))
def test_a_rating_lies_on_its_scale_or_is_null(score: int, scale: str | None) -> None:
    found = rating_of(pa.array([float(score)]), pa.array([scale]), pa.array(["talk"]))[0].as_py()
    ends = scale_of(scale)
    inside = ends is not None and ends[0] <= score <= ends[1]
    assert found == (round((score - ends[0]) / (ends[1] - ends[0]) * RATING_UNITS) if ends and inside else None)
