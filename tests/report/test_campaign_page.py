"""The page of a campaign is one file that says what the words say, with all that came from outside escaped."""

from __future__ import annotations

from dataclasses import replace

from foretell.outcomes.in_words import figures, headline
from foretell.report.campaign_page import campaign_html
from outcomes.results_made import drawn, result


def test_the_page_says_what_the_words_say() -> None:
    found = result()
    page = campaign_html(found, "EUR", "shop")
    assert headline(found, "EUR") in page
    for what, figure in figures(found, "EUR"):
        assert what in page
        assert figure in page
    assert "Read this first" not in page
    assert "Read this first" in campaign_html(result(drawn(complete=0.5)))


def test_what_came_from_outside_is_escaped() -> None:
    found = result(approved_by=("<script>alert(1)</script>",))
    found = replace(found, campaign=replace(found.campaign, name="<b>x</b> 1"))
    page = campaign_html(found, name="<i>")
    assert "<script" not in page
    assert "<b>x" not in page
    assert "<i>" not in page
