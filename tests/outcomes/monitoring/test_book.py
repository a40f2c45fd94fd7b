"""The book: what is kept of earlier days stays, a break is one from its first day until it has healed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.outcomes.monitoring.book import Break, MonitoringBook
from foretell.outcomes.monitoring.contract import Term
from foretell.outcomes.monitoring.monitored import Broken
from foretell.project.errors import InputError

SILENT = Broken("events freshness", "freshness", "events", "nothing came", "")
MOVED = Broken("customers orders", "population", "customers", "they moved", "", ("orders_90d",))
BOTH = {SILENT.key, MOVED.key}


def test_counts_of_earlier_days_stay(tmp_path: Path) -> None:
    book = MonitoringBook(tmp_path)
    assert book.sketches("v", "9999") == {}
    book.keep(("2026-05-08", "r1", "2026-05-09"), {day: {"v": {"s": [1, 2]}} for day in ("2026-05-01", "2026-05-08")})
    book.keep(("2026-05-08", "r2", "2026-05-09"), {day: {"v": {"s": [7, 7]}} for day in ("2026-05-01", "2026-05-08")})
    assert book.sketches("v", "9999") == {"s": {"2026-05-01": [1, 2], "2026-05-08": [7, 7]}}
    assert book.sketches("v", "2026-05-07") == {"s": {"2026-05-01": [1, 2]}}
    assert book.sketches("other", "9999") == {}
    assert [one[1] for one in book.days()] == ["r1", "r2"]


def test_edges_and_terms_are_kept(tmp_path: Path) -> None:
    book, term = MonitoringBook(tmp_path), Term("orders", "amount", "total", "numbers")
    book.keep_edges("v", {"s": (1.0, 2.5)})
    book.keep_edges("v", {"s": (9.0,), "t": (3.0,)})
    assert book.edges("v") == {"s": (1.0, 2.5), "t": (3.0,)}
    book.agree([term])
    book.agree([replace(term, holds="text")])
    assert book.terms() == {"orders amount": replace(term, holds="text")}


def test_a_break_lasts_until_it_was_judged_and_found_whole(tmp_path: Path) -> None:
    book = MonitoringBook(tmp_path)
    (found,) = book.settle("2026-05-01", [SILENT], BOTH)
    assert (found.since, found.is_new) == ("2026-05-01", True)
    (found,) = book.settle("2026-05-02", [replace(SILENT, said="still nothing")], BOTH)
    assert (found.since, found.is_new, found.said) == ("2026-05-01", False, "still nothing")
    (found,) = book.settle("2026-05-03", [], set())
    assert found.since == "2026-05-01"
    assert book.settle("2026-05-04", [], BOTH) == []
    (found,) = book.settle("2026-05-05", [SILENT], BOTH)
    assert (found.since, found.is_new) == ("2026-05-05", True)
    assert [(one.broken.since, one.healed) for one in book.breaks()] == [
        ("2026-05-01", "2026-05-04"),
        ("2026-05-05", None),
    ]


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    book = MonitoringBook(tmp_path)
    first = book.settle("2026-05-01", [SILENT, MOVED], BOTH)
    before = (tmp_path / "monitoring.sqlite").read_bytes()
    assert book.settle("2026-05-01", [SILENT, MOVED], BOTH) == first
    assert (tmp_path / "monitoring.sqlite").read_bytes() == before


def test_a_break_keeps_every_series_that_showed_it(tmp_path: Path) -> None:
    book = MonitoringBook(tmp_path)
    book.settle("2026-05-01", [MOVED], BOTH)
    (found,) = book.settle("2026-05-08", [replace(MOVED, series=("spend_90d",))], BOTH)
    assert found.series == ("orders_90d", "spend_90d")


def test_a_break_is_there_from_its_day_until_the_day_on_which_it_healed() -> None:
    one = Break(replace(SILENT, since="2026-05-02"), "2026-05-04")
    assert [one.lasts_on(f"2026-05-0{day}") for day in range(1, 6)] == [False, True, True, False, False]


def test_a_damaged_book_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "monitoring.sqlite").write_bytes(b"no database, but long enough to be looked at as one" * 9)
    with pytest.raises(InputError, match="damaged"):
        MonitoringBook(tmp_path).breaks()
