"""Monitoring of a project: written once, without customers; a line goes out once for each break."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.monitoring.at_once import AtOnce
from foretell.outcomes.monitoring.book import Break, MonitoringBook
from foretell.outcomes.monitoring.monitored import Broken
from foretell.pipeline.loop.monitor import as_of_today, monitor, notice_of
from foretell.project.intervals import days, midnight
from foretell.project.place import Place
from foretell.project.progress import Silent
from receivers import WebReceiver, serving
from shop import Rows
from shops.private_shop import copied_run

DECLARED = """
[[sources]]
path = "orders.csv"
columns = {{ customer = "customer" }}
[[deliveries]]
name = "ops"
kind = "webhook"
url = "http://localhost:{port}/monitoring"
allow_private = true
automatic = true
secret_env = "HOOK_SECRET"
[monitoring]
deliver = ["webhook:ops"]
"""


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A copy of the shop's run."""
    return copied_run(shop_run.request.place.out, tmp_path)


def test_the_same_run_again_writes_nothing_names_nobody_and_judges_no_few_customers(place: Place, shop: Rows) -> None:
    first = monitor(place, Silent())
    kept = (place.state / "monitoring.sqlite").read_bytes()
    assert monitor(place, Silent()) == first
    assert (place.state / "monitoring.sqlite").read_bytes() == kept
    assert first.as_of == published(place).main.plan.as_of_day()
    assert first.weeks > 8
    customers = {row["customer"] for row in shop}
    assert not any(customer.encode() in kept for customer in customers)
    assert not any(customer in json.dumps(first.as_json()) for customer in customers)
    of_customers = [one for one in first.watched if one.source == "customers"]
    assert {one.rows for one in of_customers} == {len(published(place).main.scores)}
    assert all(one.cannot.endswith("customers in a week, 200 are needed") for one in of_customers)


def test_a_log_that_stands_still_is_told_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    book, web = MonitoringBook(place.state), WebReceiver()
    end = date.fromisoformat(published(place).main.plan.as_of_day())
    for back in range(1, 6):
        before, after = (end - timedelta(days=back + one) for one in (0, -1))
        book.keep((before.isoformat(), "earlier", after.isoformat()), {})
    with serving(web) as port:
        (place.state.parent / "foretell.toml").write_text(DECLARED.format(port=port), encoding="utf-8")
        assert monitor(place, Silent(), lambda: midnight(end, "UTC") + days(1.5)).broken == ()
        for later in (40, 41):
            (broken,) = monitor(place, Silent(), lambda late=later: midnight(end, "UTC") + days(late)).broken  # type: ignore[misc]
            assert broken.key == "orders freshness"
    (request,) = web.requests
    body = json.loads(request[2])
    assert body["type"] == "monitoring.broken"
    assert body["text"].startswith("orders: nothing since")
    assert body["data"]["since"] == end.isoformat()


def test_a_break_has_one_name_for_as_long_as_it_lasts() -> None:
    one = Broken("events volume", "volume", "events", "40 rows", "2026-05-01", is_new=True)
    later = Broken("events volume", "volume", "events", "12 rows", "2026-05-01")
    healed = Broken("events volume", "volume", "events", "40 rows", "2026-05-09")
    assert notice_of(one).id == notice_of(later).id != notice_of(healed).id


def test_what_is_whole_again_has_healed_before_anything_else_is_judged() -> None:
    gone = Broken("events channel contract", "contract", "events", "gone", "2026-05-01")
    moved = Broken("customers orders", "population", "customers", "moved", "2026-05-01")
    silent = Broken("orders freshness", "freshness", "orders", "nothing came", "2026-05-09")
    before = [Break(gone, None), Break(moved, None)]
    found = as_of_today(before, AtOnce(broken=(silent,), judged=frozenset({gone.key, silent.key})), "2026-05-09")
    assert found == [Break(gone, "2026-05-09"), Break(moved, None), Break(silent, None)]
    still = as_of_today(before, AtOnce(broken=(gone,), judged=frozenset({gone.key})), "2026-05-09")
    assert still == before
    assert as_of_today(before, AtOnce(), "2026-05-09") == before
