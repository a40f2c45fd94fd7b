"""What monitoring found stands in the report while it lasts."""

from __future__ import annotations

from pathlib import Path

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.monitoring.book import MonitoringBook
from foretell.outcomes.monitoring.monitored import Broken
from foretell.report.monitoring import broken
from foretell.report.page import report_html
from shops.private_shop import copied_run

TITLE = "What is not as it was"


def test_a_break_is_told_while_it_lasts(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied_run(shop_run.request.place.out, tmp_path)
    run, book = published(place), MonitoringBook(place.state)
    assert broken(run.main) == []
    assert TITLE not in report_html(run)
    day = run.main.plan.as_of_day()
    book.settle(day, [Broken("events volume", "volume", "events", "events: <40> rows.", "")], {"events volume"})
    page = report_html(run)
    assert [one.said for one in broken(run.main)] == ["events: <40> rows."]
    assert TITLE in page
    assert f'events: &lt;40&gt; rows. <span class="quiet">since {day}</span>' in page
    book.settle(day, [], {"events volume"})
    assert broken(run.main) == []
