"""Feedback: what customers told the shop, as ratings, complaints, tickets and reviews."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.tables.registry import FactTable, Happening, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Lexicon, Vocabulary

GIVEN, CLOSED = "given", "closed"
RATING_UNITS = 1_000
SCALES = {"nps": (0.0, 10.0), "stars": (1.0, 5.0), "review": (1.0, 5.0), "csat": (1.0, 5.0), "percent": (0.0, 100.0)}
LONGEST_FROM_ONE = 7.0
"""A scale of which only the end is told begins at 1 up to here (stars, Likert scales), at 0 above (10, 100)."""


def scale_of(text: str | None) -> tuple[float, float] | None:
    """The worst and the best score of a scale, as it is written or named; None where it says neither.

    >>> scale_of("1-5"), scale_of("10"), scale_of("5"), scale_of("NPS"), scale_of("good")
    ((1.0, 5.0), (0.0, 10.0), (1.0, 5.0), (0.0, 10.0), None)
    """
    if text is None:
        return None
    if (named := SCALES.get(text.strip().lower())) is not None:
        return named
    figures = [float(figure) for figure in re.findall(r"\d+(?:\.\d+)?", text)]
    if len(figures) == 1:
        figures = [1.0 if figures[0] <= LONGEST_FROM_ONE else 0.0, *figures]
    return (figures[0], figures[1]) if len(figures) == 2 and figures[0] < figures[1] else None


def rating_of(scores: pa.Array, scales: pa.Array, kinds: pa.Array) -> pa.Array:
    """int64 thousandths, 0 the worst and 1000 the best of its scale: that which is told, or else that of the kind of
    feedback. Null where there is no score, no scale, or a score beyond it."""
    of_kind = pc.if_else(scales.is_valid(), scales, Vocabulary("feedback_kinds")(kinds)).dictionary_encode()
    known = [scale_of(text) or (np.nan, np.nan) for text in of_kind.dictionary.to_pylist()]
    ends = np.array([*known, (np.nan, np.nan)])
    low, high = ends[pc.fill_null(of_kind.indices, -1).to_numpy(zero_copy_only=False)].T
    share = (pc.fill_null(scores, np.nan).to_numpy(zero_copy_only=False) - low) / (high - low)
    inside = (share >= 0) & (share <= 1)
    return pa.array(np.rint(np.where(inside, share, 0) * RATING_UNITS).astype(np.int64), mask=~inside)


def complaint_of(scores: pa.Array, scales: pa.Array, kinds: pa.Array) -> pa.Array:
    """int64: 1 for feedback that is a complaint by its kind, or a score in the lowest quarter of its scale, else 0."""
    by_kind = pc.fill_null(pc.equal(Vocabulary("feedback_kinds")(kinds), "complaint"), False)
    by_score = pc.fill_null(pc.less_equal(rating_of(scores, scales, kinds), RATING_UNITS // 4), False)
    return pc.cast(pc.or_(by_kind, by_score), pa.int64())


FEEDBACK = declared(
    FactTable(
        "feedback",
        roles=(
            Role("id", "id"),
            Role("kind", "text", is_needed=True),
            Role("score", "number"),
            Role("scale", "text"),
            Role("text", "prose"),
        ),
        made=(
            Made("topic", ("kind",), Vocabulary("feedback_kinds")),
            Made("rating", ("score", "scale", "kind"), rating_of, "number"),
            Made("complaint", ("score", "scale", "kind"), complaint_of, "number"),
            Made("complaint_words", ("text",), Lexicon("complaint_words"), "number"),
        ),
        happenings=(
            Happening(step=GIVEN),
            Happening("closed_at", CLOSED, tells=("id", "kind", "topic"), is_needed=False),
        ),
        told_by="id",
    )
)
"""`topic` is what the kind means (complaint, ticket, review, nps, csat, praise), `rating` the score on a scale from 0
to 1, `complaint` whether it is one by its kind or its score, `complaint_words` how many words of a small lexicon stand
in the text. The text itself is not kept."""
