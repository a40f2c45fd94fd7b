"""What is judged every day: contracts, freshness and units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from foretell.customer_log.manifest import Load
from foretell.outcomes.monitoring.at_once import Brought, of_contracts, of_loads, of_log
from foretell.outcomes.monitoring.book import MonitoringBook
from foretell.outcomes.monitoring.cells import HAPPENED, ROWS, Cells
from foretell.outcomes.monitoring.contract import Term
from shops.watched_shop import number

DAY = "2026-05-01"
END = number(DAY)


def every_day(until: int) -> Cells:
    return Cells.of("rows", np.arange(END - 200, until), np.ones(200 + until - END))


def test_a_log_that_goes_on_is_fresh() -> None:
    found = of_log({("orders", ROWS): every_day(END)}, DAY, DAY)
    assert found.broken == ()
    assert found.judged == {"orders freshness"}
    (watched,) = found.watched
    assert (watched.value, watched.rows) == (1, 199)


def test_the_clock_and_other_tables_tell_that_orders_stopped() -> None:
    orders = every_day(END)
    (by_clock,) = of_log({("orders", ROWS): orders}, DAY, "2026-05-04").broken
    assert by_clock.said.startswith("orders: nothing since 2026-04-30, 4 days ago")
    (by_events,) = of_log({("orders", ROWS): orders, ("events", HAPPENED): every_day(END + 3)}, DAY, DAY).broken
    assert (by_events.key, by_events.source, by_events.since) == ("orders freshness", "orders", DAY)


def brought(*terms: Term) -> Brought:
    return Brought(terms, {"orders": ("who", "total")})


def test_terms_are_agreed_once_and_broken_until_they_are_how_things_are(tmp_path: Path) -> None:
    book, amount = MonitoringBook(tmp_path), Term("orders", "amount", "total", "numbers")
    assert of_contracts(book, brought(amount), DAY).broken == ()
    now = replace(amount, holds="text")
    (broken,) = of_contracts(book, brought(now), DAY).broken
    assert broken.said == "orders: the column total (amount) holds text, it held numbers."
    book.settle(DAY, [broken], {broken.key})
    assert of_contracts(book, brought(now), "2026-06-20").broken == (replace(broken, since="2026-06-20"),)
    assert of_contracts(book, brought(now), "2026-06-27").broken == ()
    assert book.terms()["orders amount"] == now


def test_what_cannot_be_looked_at_is_said(tmp_path: Path) -> None:
    (watched,) = of_contracts(MonitoringBook(tmp_path), Brought(cannot={"events#2": "a database"}), DAY).watched
    assert (watched.source, watched.cannot) == ("events", "a database")


def test_loads_that_cannot_be_read_are_a_break_of_their_table() -> None:
    loads = [Load(str(at), "o.csv", "", 0, 50, rejected=bad, number=at) for at, bad in enumerate((0, 0, 25))]
    found = of_loads(loads, DAY)
    (broken,) = found.broken
    assert (broken.key, broken.source) == ("orders rows unread", "orders")
    assert found.judged == frozenset({"orders rows unread"})
    assert "50\xa0% of the 50 rows that came last cannot be read" in broken.said
    assert of_loads(loads[:1], DAY).judged == frozenset()


def test_a_file_that_is_gone_is_a_break_until_it_is_back(tmp_path: Path) -> None:
    found = of_contracts(MonitoringBook(tmp_path), Brought(gone={"orders#2": "shop.csv"}), DAY)
    (broken,) = found.broken
    assert (broken.key, broken.source, broken.said) == (
        "orders#2 file",
        "orders",
        "orders: shop.csv is not there any more.",
    )
    back = of_contracts(MonitoringBook(tmp_path), Brought((), {"orders#2": ("who",)}), DAY)
    assert not back.broken
    assert back.judged == {"orders#2 file"}
