"""Segment by its published contract: it drops in silence, so that nothing it would drop is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.delivery.pushes.preview import preview
from foretell.delivery.pushes.segment import message_id
from vendors.mail_servers import SegmentServer
from vendors.pushed import people, person, sent, way
from vendors.speaking import Trouble, open_for_calls


@pytest.fixture
def vendor() -> SegmentServer:
    return SegmentServer()


@pytest.fixture
def url(vendor: SegmentServer) -> Iterator[str]:
    with open_for_calls(vendor) as opened:
        yield opened


def test_traits_of_users(vendor: SegmentServer, url: str, tmp_path: Path) -> None:
    assert sent(way("segment", url, tmp_path), people(2)).is_complete
    told = next(iter(vendor.messages.values()))
    assert (told["type"], told["userId"]) == ("identify", "k0")
    assert told["traits"] == {"email": "k0@shop.example", "score": 0.5}


def test_what_it_would_drop_is_refused_here(vendor: SegmentServer, url: str, tmp_path: Path) -> None:
    everybody = [person(0, value="x" * 33_000), *(person(n, value="é" * 14_000) for n in range(1, 61))]
    answer = sent(way("segment", url, tmp_path), everybody)
    assert (answer.done, answer.refused, vendor.dropped) == (60, 1, 0)
    assert answer.left[0].told.startswith("too large")
    assert len(vendor.asked) == 4


def test_an_event_that_may_have_arrived_is_repeated_under_its_id(
    vendor: SegmentServer, url: str, tmp_path: Path
) -> None:
    vendor.troubles.append(Trouble("torn"))
    answer = sent(way("segment", url, tmp_path, list="Chosen"), people(3))
    assert answer.is_complete
    assert vendor.received["k0"] == 2
    assert len(vendor.messages) == 3
    assert {(one["type"], one["event"]) for one in vendor.messages.values()} == {("track", "Chosen")}


def test_an_id_tells_one_person_of_one_batch() -> None:
    assert message_id("a", "e", "k") == message_id("a", "e", "k")
    assert len({message_id(*one) for one in (("a", "e", "k"), ("b", "e", "k"), ("a", "f", "k"), ("a", "e", "l"))}) == 4


def test_it_cannot_be_asked(url: str, tmp_path: Path) -> None:
    found = preview(way("segment", url, tmp_path), people(2), "b1")
    assert (len(found.added), "cannot be asked" in found.unread) == (2, True)
