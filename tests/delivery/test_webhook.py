"""Webhooks on real sockets: signed as the specification says, to nobody but whom was meant."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ssl
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.webhook import (
    LARGEST_BODY_BYTES,
    Endpoint,
    endpoint,
    post,
    secret_bytes,
    signature,
)
from foretell.project.errors import InputError
from receivers import WebReceiver, serving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_614_265_330


def here(port: int, scheme: str = "http", allow_private: bool = True) -> Endpoint:
    """An endpoint on this machine."""
    return endpoint(f"{scheme}://localhost:{port}/in?x=1", SECRET, allow_private)


def test_the_published_example_is_signed_as_published() -> None:
    signed = signature("msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, b'{"test": 2432232314}', [secret_bytes(SECRET)])
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_arrives_whole_and_signed_with_every_secret() -> None:
    second = f"whsec_{base64.b64encode(b'n' * 32).decode()}"
    receiver, body = WebReceiver(), '{"a": "ü"}'.encode()
    with serving(receiver) as port:
        to = endpoint(f"http://localhost:{port}/in?x=1", f"{second} {SECRET}", allow_private=True)
        outcome = post(to, "alert_1", body, NOW)
    assert outcome.delivered, outcome.told
    line, headers, received = receiver.requests[0]
    assert line == "POST /in?x=1 HTTP/1.1"
    assert received == body
    assert headers["content-type"] == "application/json"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("alert_1", str(NOW))
    signed = f"alert_1.{NOW}.".encode() + body
    for secret, told in zip((b"n" * 32, secret_bytes(SECRET)), headers["webhook-signature"].split(" "), strict=True):
        digest = hmac.new(secret, signed, hashlib.sha256).digest()
        assert told == f"v1,{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(("status", "is_final"), [(500, False), (429, False), (404, False), (410, True)])
def test_another_answer_is_a_failure(status: int, is_final: bool) -> None:
    with serving(WebReceiver(status)) as port:
        outcome = post(here(port), "alert_1", b"{}", NOW)
    assert (outcome.delivered, outcome.is_final) == (False, is_final)
    assert str(status) in outcome.told


def test_a_redirect_is_not_followed() -> None:
    elsewhere = WebReceiver()
    with serving(elsewhere) as other, serving(WebReceiver(307, f"http://localhost:{other}/")) as port:
        outcome = post(here(port), "alert_1", b"{}", NOW)
    assert (outcome.delivered, outcome.is_final) == (False, True)
    assert elsewhere.requests == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"])
def test_this_machine_is_refused_unless_it_is_allowed(host: str) -> None:
    receiver = WebReceiver()
    with serving(receiver) as port:
        outcome = post(endpoint(f"https://{host}:{port}/", SECRET), "alert_1", b"{}", NOW)
    assert (outcome.delivered, outcome.is_final) == (False, True)
    assert "private network" in outcome.told
    assert receiver.requests == []


def test_https_under_the_name_that_was_asked_for(trusted: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = trusted
    receiver = WebReceiver()
    with serving(receiver, server) as port:
        assert post(here(port, "https"), "alert_1", b"{}", NOW, client).delivered
        by_number = replace(here(port, "https"), host="127.0.0.1")
        strange = post(by_number, "alert_2", b"{}", NOW, client)
        untrusted = post(here(port, "https"), "alert_3", b"{}", NOW)
    assert not strange.delivered
    assert not untrusted.delivered
    assert "encrypted" in strange.told
    assert [headers["webhook-id"] for _, headers, _ in receiver.requests] == ["alert_1"]


def test_a_receiver_that_drips_is_left() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(1_000):
            writer.write(b"x: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    with serving(drip) as port:
        outcome = post(replace(here(port), timeout_seconds=0.5), "alert_1", b"{}", NOW)
    assert (outcome.delivered, outcome.is_final) == (False, False)


def test_a_receiver_that_says_nothing_or_nonsense_is_a_failure() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)

    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\0\1\2\r\n\r\n")

    for talk in (silent, nonsense):
        with serving(talk) as port:
            outcome = post(here(port), "alert_1", b"{}", NOW)
        assert (outcome.delivered, outcome.is_final) == (False, False)
    assert not post(here(port), "alert_1", b"{}", NOW).delivered


def test_a_message_that_is_too_large_is_not_sent() -> None:
    receiver = WebReceiver()
    with serving(receiver) as port:
        outcome = post(here(port), "alert_1", b"x" * (LARGEST_BODY_BYTES + 1), NOW)
    assert (outcome.delivered, outcome.is_final) == (False, True)
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("url", "allow_private"),
    [
        ("http://example.com/", False),
        ("ftp://example.com/", True),
        ("https://user:word@example.com/", False),
        ("https:///path", False),
        ("https://exämple.com/", False),
        ("https://example.com/a\r\nx-header: 1", False),
        ("https://example.com:99999/", False),
        ("https://[::1/", False),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, allow_private: bool) -> None:
    with pytest.raises(InputError):
        endpoint(url, SECRET, allow_private)


@given(st.text() | st.binary().map(lambda raw: f"whsec_{base64.b64encode(raw).decode()}"))
def test_a_secret_is_taken_or_refused_but_never_told(text: str) -> None:
    to, told = None, ""
    try:
        to = endpoint("https://example.com/hidden-path", text)
    except InputError as error:
        told = str(error)
    assert to is not None or told
    assert all(part not in told + repr(to) for part in [*text.split(), repr(text)] if len(part) > 12)
    assert "hidden-path" not in told
    assert to is None or all(24 <= len(secret) <= 64 for secret in to.secrets)
