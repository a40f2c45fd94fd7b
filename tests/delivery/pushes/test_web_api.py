"""What is told of answers and heard from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.connection import Answer, NoAnswer, server_of
from foretell.delivery.pushes.contract import Person, Unreadable
from foretell.delivery.pushes.web_api import (
    WebApi,
    failed,
    json_of,
    refused,
    seconds_to_wait,
    told_of,
    without_addresses,
)
from vendors.mail_servers import KlaviyoServer
from vendors.speaking import Said, Trouble, open_for_calls

PEOPLE = [Person("a", {}), Person("b", {})]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0),
        ({"x-hubspot-ratelimit-remaining": "0", "x-hubspot-ratelimit-interval-milliseconds": "10000"}, 10),
        ({"x-hubspot-ratelimit-remaining": "3", "x-hubspot-ratelimit-interval-milliseconds": "10000"}, 0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "4"}, 4),
        ({}, 0),
    ],
)
def test_how_long_a_tool_wants_to_be_left_alone(headers: dict[str, str], seconds: float) -> None:
    assert seconds_to_wait(Answer(429, headers)) == seconds


@pytest.mark.parametrize(
    ("status", "kind", "of_all", "stops"),
    [
        (429, "again", False, False),
        (500, "unsure", False, False),
        (503, "unsure", False, False),
        (400, "refused", True, False),
        (413, "refused", True, False),
        (401, "again", False, True),
        (404, "again", False, True),
        (302, "again", False, True),
    ],
)
def test_what_a_status_means_for_everybody(status: int, kind: str, of_all: bool, stops: bool) -> None:
    answer = refused(PEOPLE, Answer(status, {}, b'{"message": "no"}'))
    assert {one.kind for one in answer.verdicts.values()} == {kind}
    assert (answer.is_of_all, bool(answer.stop)) == (of_all, stops)


def test_what_was_not_sent_comes_again_and_what_may_have_been_is_unsure() -> None:
    assert {one.kind for one in failed(PEOPLE, NoAnswer("gone")).verdicts.values()} == {"again"}
    unsure = failed(PEOPLE, NoAnswer("late", may_have_arrived=True, is_final=True))
    assert ({one.kind for one in unsure.verdicts.values()}, unsure.stop) == ({"unsure"}, "late")


@given(st.emails(), st.text(max_size=300))
def test_no_address_and_no_second_line_is_told(email: str, around: str) -> None:
    told = without_addresses(f"{around} {email} {around}")
    assert "@" not in told
    assert len(told) <= 160
    assert told.isprintable()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"message": "a"}', "answered 400: a"),
        (b'[{"message": "b", "errorCode": "X"}]', "answered 400: b"),
        (b'{"errors": [{"detail": "c"}]}', "answered 400: c"),
        (b'{"title": "d", "detail": "e"}', "answered 400: e"),
        (b"<html>", "answered 400"),
        (b'"text"', "answered 400"),
    ],
)
def test_the_own_words_of_a_tool(body: bytes, words: str) -> None:
    assert told_of(Answer(400, {}, body)) == words


def test_a_question_without_a_useful_answer_is_unreadable() -> None:
    vendor = KlaviyoServer()
    vendor.troubles.append(Trouble("answer", Said(200, b"<html>")))
    with open_for_calls(vendor) as url, pytest.raises(Unreadable):
        WebApi(server_of(url, "it", True), {}, "token").read("GET", "/")
    with pytest.raises(Unreadable):
        WebApi(server_of(url, "it", True), {}, "token").read("GET", "/")
    assert json_of(Answer(200, {}, b"{")) is None
