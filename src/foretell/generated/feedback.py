"""What customers say: complaints of those whom it drives away and of others, reviews, answers from 0 to 10."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, of_codes
from foretell.generated.orders import NEVER, Leaving, Orders

KINDS = ("complaint", "review", "survey")
COMPLAINT, REVIEW, SURVEY = 0, 1, 2
SCALES = ("1-5", "1-5", "0-10")
AFTER_DAYS = (3.0, 14.0)
COMPLAINTS = (
    "The parcel came broken, and nobody answered my mail.",
    "Late again. I waited three weeks and am very disappointed.",
    "Wrong item sent, the refund takes forever.",
    "Poor quality: it fell apart on the second day.",
    "Your support was rude, I will not order again.",
    "Charged twice for one order!",
)
REVIEWS = (
    ("Not as described, sent it back.", "Disappointing."),
    ("Smaller than I thought.", "Colour is off."),
    ("It is all right.", "Does what it should, nothing more."),
    ("Nice, and quickly delivered.", "Good value."),
    ("Lovely, a perfect gift.", "Excellent, would buy again."),
)
REVIEW_SCORES = (0.04, 0.06, 0.14, 0.30, 0.46)
TEXTS = (*COMPLAINTS, *(text for texts in REVIEWS for text in texts))


def feedback_rows(
    orders: Orders, who: tuple[Customers, Leaving], calendar: Calendar, random: np.random.Generator
) -> pa.Table:
    """Rows of feedback.csv in order of time; nobody who has left says anything."""
    customers, leaving = who
    p, n = calendar.parameters, len(orders.at)
    chance = random.random(n)
    bounds = np.cumsum([p.complaint_share, p.review_share, p.survey_share])
    of_order = np.searchsorted(bounds, chance, side="right")
    says = of_order < len(KINDS)
    driven = np.flatnonzero(leaving.complained < NEVER)
    customer = np.concatenate([orders.customer[says], driven])
    after = orders.at + (random.uniform(*AFTER_DAYS, n) * DAY).astype(np.int64)
    at = np.concatenate([after[says], leaving.complained[driven]])
    kind = np.concatenate([of_order[says], np.full(len(driven), COMPLAINT)])
    kept = (at < leaving.at[customer]) & (at < calendar.end)
    order = np.lexsort((kind[kept], customer[kept], at[kept]))
    customer, at, kind = (column[kept][order] for column in (customer, at, kind))
    m = len(at)
    stars = 1 + random.choice(5, m, p=REVIEW_SCORES)
    low = 1 + random.integers(0, 2, m)
    score = np.choose(kind, [low, stars, np.minimum(stars * 2 + random.integers(0, 2, m), 10)])
    review = len(COMPLAINTS) + (stars - 1) * 2 + random.integers(0, 2, m)
    text = np.choose(kind, [random.integers(0, len(COMPLAINTS), m), review, np.full(m, -1)])
    return pa.table(
        {
            "customer_id": customer_ids(customers, customer),
            "time": times(at),
            "kind": of_codes(KINDS, kind),
            "score": score,
            "scale": of_codes(SCALES, kind),
            "text": of_codes(TEXTS, text),
        }
    )
