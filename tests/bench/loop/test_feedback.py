"""Each kind of feedback is measured alone, and the page says that the shop is generated."""

from __future__ import annotations

import polars
from bench.feedback import KINDS, Gained, generated, page

FEEDBACK = polars.DataFrame(
    {
        "customer_id": ["a", "b", "c"],
        "kind": ["complaint", "review", "survey"],
        "score": [1, 5, 9],
        "scale": ["1-5", "1-5", "0-10"],
        "text": ["Late again.", "Lovely.", ""],
    }
)


def test_each_kind_is_told_alone_and_without_its_text() -> None:
    found = {kind: kept(FEEDBACK).select("customer_id", "kind", "score", "text").rows() for kind, kept in KINDS.items()}
    assert len(found.pop("all kinds, with text")) == 3
    assert found == {
        "complaints, without text": [("a", "complaint", 1, "")],
        "complaints told as open tickets": [("a", "ticket", None, "")],
        "reviews, without text": [("b", "review", 5, "")],
        "answers from 0 to 10, as NPS": [("c", "nps", 9, "")],
        "ratings: scores of reviews and answers": [("b", "rating", 5, ""), ("c", "rating", 9, "")],
    }


def test_the_page_says_what_is_generated_and_what_is_not() -> None:
    found = [Gained("reviews", 12, "log_loss", 0.5, -0.25, 1.0), Gained("reviews", 12, "auroc", 0.0, 0.0, 0.0)]
    told = page(found, {"with": {"log_loss": 0.1, "auroc": 0.9}}, {"date": "today"})
    assert "| reviews  |    12 | +0.50 [-0.25, +1.00] | +0.00 [+0.00, +0.00] |" in told
    assert told.index("## A generated shop") < told.index("## A public table")
    assert "## A public table" not in page(found, None, {})
    assert generated(found) in told
