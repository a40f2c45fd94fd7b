"""The look before a push: of files too, and of who was there before."""

from __future__ import annotations

from pathlib import Path

from foretell.delivery.pushes.contract import Person
from foretell.delivery.pushes.preview import preview
from foretell.delivery.pushes.targets import opened
from foretell.project.parts.pushes import PushPart
from foretell.project.place import Place
from vendors.crm_servers import HubSpotServer
from vendors.mail_servers import SegmentServer
from vendors.pushed import people, sent, way
from vendors.speaking import Said, Trouble, open_for_calls


def test_a_file_tells_who_is_added_changed_and_removed(tmp_path: Path) -> None:
    part = PushPart(name="list", kind="csv", fields={"score": "score", "vip": "vip"})
    tool = opened(part, Place.of_results(tmp_path), {})
    first = [
        Person("a", {"score": 0.5, "vip": True}),
        Person("b", {"score": 1, "vip": None}),
        Person("c", {"score": 2}),
    ]
    assert preview(tool, first, "b1").added == ("a", "b", "c")
    assert sent(tool, first).done == 3
    second = [
        Person("a", {"score": 0.50, "vip": True}),
        Person("b", {"score": 1.5, "vip": None}),
        Person("d", {"score": 1}),
    ]
    found = preview(tool, second, "b2")
    assert (found.added, found.same, found.removed) == (("d",), ("a",), ("c",))
    assert [(one.person, one.fields) for one in found.changed] == [("b", (("score", "1", 1.5),))]
    assert sent(tool, second, "b2").done == 3
    assert sent(tool, second, "b2").done == 3
    assert preview(tool, second, "b2").removed == ()


def test_of_a_tool_it_tells_who_was_in_the_batch_before_and_who_is_done(tmp_path: Path) -> None:
    vendor = SegmentServer()
    with open_for_calls(vendor) as url:
        tool = way("segment", url, tmp_path)
        sent(tool, people(3))
        assert preview(tool, people(2), "b2").removed == ("k2",)
        assert preview(tool, people(4), "b1").already == ("k0", "k1", "k2")
    assert len(vendor.asked) == 1


def test_a_tool_that_does_not_answer_is_told_and_nobody_is_said_to_be_there(tmp_path: Path) -> None:
    vendor = HubSpotServer()
    vendor.troubles.append(Trouble("answer", Said(401, {"message": "who?"})))
    with open_for_calls(vendor) as url:
        found = preview(way("hubspot", url, tmp_path), people(2), "b1")
    assert (len(found.added), found.unread) == (2, "answered 401: who?")
