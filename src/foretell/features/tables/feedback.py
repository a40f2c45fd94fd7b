"""What customers told the shop: ratings and where they go, complaints and how lately, tickets that nobody closed."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.feedback import CLOSED, FEEDBACK, GIVEN, RATING_UNITS
from foretell.features.registry import feature
from foretell.features.tables.coverage import over_days
from foretell.features.themes import declared_theme
from foretell.timelines.as_of import AsOf, Past, ratio
from foretell.words.reasons import FeatureWords

VOICE = declared_theme("feedback", "what they told the shop")


@feature(
    "last_rating",
    unit="share",
    table=FEEDBACK.name,
    words=FeatureWords(
        VOICE, "better last rating", "worse last rating", "last rating {} of the best possible",
        "last rating the worst possible", is_rare=True,
    ),
)  # fmt: skip
def last_rating(view: AsOf) -> np.ndarray:
    """The last rating, from 0, the worst of its scale, to 1; null without one."""
    return _rated(view).last("rating") / RATING_UNITS


@feature(
    "rating_change",
    unit="ratio",
    table=FEEDBACK.name,
    words=FeatureWords(VOICE, "last rating better than those before", "last rating worse than those before"),
)
def rating_change(view: AsOf) -> np.ndarray:
    """The last rating less the mean of those before, on a scale from 0 to 1; null with fewer than two."""
    last, count = _rated(view).last("rating"), _rated(view).count()
    before = _rated(view).total("rating") - np.nan_to_num(last)
    return (last - ratio(before, np.maximum(count - 1, 0))) / RATING_UNITS


@feature(
    "feedback_{days}d",
    unit="times",
    over=(365,),
    table=FEEDBACK.name,
    words=FeatureWords(VOICE, "give feedback more often", "give feedback less often"),
)
def feedback(view: AsOf, days: int) -> np.ndarray:
    """Times that something was told in the last {days} days; null where the table begins later."""
    return over_days(view, FEEDBACK.name, days, _given(view).count(since=days))


@feature(
    "days_since_last_feedback",
    unit="days",
    table=FEEDBACK.name,
    words=FeatureWords(VOICE, "last feedback longer ago", "gave feedback more lately"),
)
def days_since_last_feedback(view: AsOf) -> np.ndarray:
    """Days from the last feedback to the cutoff; null without one."""
    return _given(view).days_since(_given(view).last("happened_at"))


@feature(
    "complaints_{days}d",
    unit="complaints",
    over=(90, 365),
    table=FEEDBACK.name,
    words=FeatureWords(
        VOICE,
        "complain more often",
        "complain less often",
        "{} in the last {days} days, the last {days_since_complaint} ago",
        "no complaint in the last {days} days",
        window_days=90,
        is_rare=True,
        towards=-1,
    ),
)
def complaints(view: AsOf, days: int) -> np.ndarray:
    """Complaints in the last {days} days, by kind or by a score in the lowest quarter; null where the table begins
    later."""
    return over_days(view, FEEDBACK.name, days, _complaints(view).count(since=days))


@feature(
    "days_since_complaint",
    unit="days",
    table=FEEDBACK.name,
    words=FeatureWords(VOICE, "last complaint longer ago", "complained more lately"),
)
def days_since_complaint(view: AsOf) -> np.ndarray:
    """Days from the last complaint to the cutoff; null without one."""
    return _complaints(view).days_since(_complaints(view).last("happened_at"))


@feature(
    "complaint_words_{days}d",
    unit="words",
    over=(180,),
    table=FEEDBACK.name,
    words=FeatureWords(
        VOICE,
        "more words of complaint",
        "fewer words of complaint",
        "{} of complaint in what they wrote in {days} days",
        "no word of complaint in what they wrote in {days} days",
        is_rare=True,
    ),
)
def complaint_words(view: AsOf, days: int) -> np.ndarray:
    """Words of the complaint lexicon in the texts of the last {days} days; null where the table begins later."""
    return over_days(view, FEEDBACK.name, days, _given(view).total("complaint_words", since=days))


@feature(
    "open_tickets_{days}d",
    unit="tickets",
    over=(90,),
    table=FEEDBACK.name,
    words=FeatureWords(
        VOICE,
        "more tickets open",
        "fewer tickets open",
        "{} of the last {days} days still open",
        "no ticket of the last {days} days still open",
        is_rare=True,
    ),
)
def open_tickets(view: AsOf, days: int) -> np.ndarray:
    """Tickets of the last {days} days less those closed in them, at least 0; where no closing is told, the tickets.
    Null where the table begins later."""
    tickets = view.table(FEEDBACK.name).where("topic", code_of("ticket"))
    opened, closed = (tickets.where("step", code_of(step)).count(since=days) for step in (GIVEN, CLOSED))
    return over_days(view, FEEDBACK.name, days, np.maximum(opened - closed, 0))


def _given(view: AsOf) -> Past:
    return view.table(FEEDBACK.name).where("step", code_of(GIVEN))


def _rated(view: AsOf) -> Past:
    return _given(view).where("has_rating", 1)


def _complaints(view: AsOf) -> Past:
    return _given(view).where("complaint", 1)
