"""E-mail through a mail server on a real socket."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.delivery.email import MailServer, Security, composed, mail_address, mail_server, send
from foretell.project.errors import InputError
from foretell.project.parts.alerts import DeliveryPart
from receivers import MailReceiver, serving

NOW = 1_700_000_000
LINES = ["27 customers", "likelier: <b>ö</b> & more", "."]
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip


MAIL = DeliveryPart(
    name="team",
    kind="email",
    server="localhost",
    sender="Foretell <from@shop.example>",
    to=("team@shop.example", "boss@shop.example"),
)


def declared(port: int, security: Security = "none", username: str = "", password: str = "") -> MailServer:
    """A server on this machine."""
    return replace(mail_server(MAIL), port=port, security=security, username=username, password=password)


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_arrives_as_text_and_html() -> None:
    receiver = MailReceiver()
    with serving(receiver) as port:
        server = declared(port)
        outcome = send(server, composed(server, "alert_1", "leaving: 27 customers, £500", LINES, NOW))
    assert outcome.delivered, outcome.told
    assert receiver.envelopes == [("from@shop.example", ("team@shop.example", "boss@shop.example"))]
    mail = parsed(receiver.mails[0])
    assert mail["Subject"] == "leaving: 27 customers, £500"
    assert mail["From"] == "Foretell <from@shop.example>"
    assert mail["Message-ID"] == "<alert_1@shop.example>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines()[:3] == ["27 customers", "likelier: <b>ö</b> & more", ".."]
    assert "&lt;b&gt;ö&lt;/b&gt; &amp; more" in html.get_content()


def test_starttls_then_login(trusted: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server_side, client_side = trusted
    receiver = MailReceiver(starttls=server_side, login=("shop", "word"))
    with serving(receiver) as port:
        server = declared(port, "starttls", username="shop", password="word")
        message = composed(server, "alert_1", "s", LINES, NOW)
        assert send(server, message, client_side).delivered
        wrong = send(replace(server, password="other-word"), message, client_side)
        untrusted = send(server, message)
    assert receiver.encrypted == [True]
    assert not wrong.delivered
    assert "login" in wrong.told
    assert "word" not in wrong.told
    assert not untrusted.delivered
    assert "encrypted" in untrusted.told


def test_encrypted_from_the_first_byte(trusted: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server_side, client_side = trusted
    receiver = MailReceiver()
    with serving(receiver, server_side) as port:
        server = declared(port, "ssl")
        assert send(server, composed(server, "alert_1", "s", LINES, NOW), client_side).delivered
    assert receiver.encrypted == [True]


def test_nothing_is_sent_in_the_clear_where_encryption_is_not_offered() -> None:
    receiver = MailReceiver()
    with serving(receiver) as port:
        server = declared(port, "starttls")
        outcome = send(server, composed(server, "alert_1", "s", LINES, NOW))
    assert (outcome.delivered, outcome.is_final) == (False, True)
    assert receiver.mails == []


def test_a_refused_recipient_is_told_without_the_address() -> None:
    receiver = MailReceiver(refused=frozenset({"team@shop.example"}))
    with serving(receiver) as port:
        server = declared(port)
        some = send(server, composed(server, "alert_1", "s", LINES, NOW))
        alone = replace(server, recipients=server.recipients[:1])
        none = send(alone, composed(alone, "alert_1", "s", LINES, NOW))
    assert some.delivered
    assert "1 refused" in some.told
    assert (none.delivered, none.is_final) == (False, True)
    assert "@" not in none.told


def test_a_server_that_hangs_up_or_is_not_there_may_be_tried_again() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        return

    with serving(hang_up) as port:
        server = declared(port)
        message = composed(server, "alert_1", "s", LINES, NOW)
        first = send(server, message)
    second = send(server, message)
    assert [(one.delivered, one.is_final) for one in (first, second)] == [(False, False)] * 2


@settings(max_examples=50)
@given(st.text(), st.text(), st.lists(st.text(alphabet=st.characters(codec="utf-8"))))
def test_nothing_in_a_message_adds_a_header(message_id: str, subject: str, lines: list[str]) -> None:
    server = declared(25)
    mail = composed(server, message_id, subject.encode("utf-8", "replace").decode(), lines, NOW)
    again = parsed(mail.as_bytes())
    assert set(again.keys()) == HEADERS
    assert [str(one) for one in again["To"].addresses] == ["team@shop.example", "boss@shop.example"]


@given(st.text(st.characters(codec="ascii")) | st.from_regex(r"[a-z <>\r\n]{0,9}@[a-z.\r\n:, ]{1,9}>?", fullmatch=True))
def test_an_address_is_one_address_or_refused(text: str) -> None:
    try:
        address = mail_address(text)
    except InputError:
        return
    assert address.addr_spec.count("@") == 1
    assert not set(address.addr_spec) & set("\r\n<>, ")
    assert not set(address.display_name) & set("\r\n<>,")


@pytest.mark.parametrize("text", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "team", "", "a@b@c"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        mail_address(text)


def test_a_password_does_not_travel_unencrypted() -> None:
    with pytest.raises(InputError, match="unencrypted"):
        mail_server(MAIL.model_copy(update={"username": "shop", "security": "none"}), "word")
    assert "word" not in repr(mail_server(MAIL.model_copy(update={"username": "shop"}), "word"))
