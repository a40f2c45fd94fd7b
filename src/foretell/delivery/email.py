"""E-mail: a message as plain text and simple HTML, handed to a mail server over an encrypted connection."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Literal

from foretell.delivery.ledger import Outcome
from foretell.project.errors import InputError
from foretell.project.parts.alerts import DeliveryPart

Security = Literal["starttls", "ssl", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "ssl": 465, "none": 25}
TIMEOUT_SECONDS = 30.0
LONGEST_SUBJECT = 150
ADDRESS = re.compile(
    r"(?:(?P<name>[^<>@,;:\"\\]*?)\s*<)?(?P<spec>[^\s<>@,;:\"\\()\[\]]+@[^\s<>@,;:\"\\()\[\]]+)(?(name)>)"
)


@dataclass(frozen=True)
class MailServer:
    """A mail server and who writes to whom through it; the password is never shown."""

    host: str
    port: int
    security: Security
    sender: Address
    recipients: tuple[Address, ...]
    username: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS


def mail_server(declared: DeliveryPart, password: str = "") -> MailServer:
    """The server as declared; InputError where an address is none, or a password would travel unencrypted."""
    host, security = declared.server, declared.security
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", host):
        raise InputError(
            "The mail server cannot be used.", found=repr(host), expected="a host such as mail.example.com"
        )
    if declared.username and security == "none":
        raise InputError(
            "A password is not sent over an unencrypted connection.",
            found='security = "none" with a username',
            expected='security = "starttls" or "ssl"',
        )
    return MailServer(
        host=host,
        port=declared.port or PORTS[security],
        security=security,
        sender=mail_address(declared.sender),
        recipients=tuple(mail_address(one) for one in declared.recipients),
        username=declared.username,
        password=password,
    )


def mail_address(text: str) -> Address:
    """An address such as `team@example.com` or `The team <team@example.com>`; InputError where it is none.

    >>> mail_address("The team <team@example.com>").addr_spec
    'team@example.com'
    """
    match = ADDRESS.fullmatch(text.strip()) if text.isprintable() else None
    try:
        if match:
            return Address((match["name"] or "").strip(), addr_spec=match["spec"])
    except (MessageError, ValueError, IndexError):
        pass
    raise InputError("The mail address cannot be used.", found=repr(text), expected="an address: team@example.com")


def composed(server: MailServer, message_id: str, subject: str, lines: Sequence[str], now_seconds: int) -> EmailMessage:
    """The message: text, and the same as HTML paragraphs. What is not printable is left out of the subject; the same
    `message_id` gives the same Message-ID."""
    message = EmailMessage(policy=SMTP)
    message["From"] = server.sender
    message["To"] = server.recipients
    message["Subject"] = "".join(c for c in " ".join(subject.split()) if c.isprintable())[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(datetime.fromtimestamp(now_seconds, UTC))
    local = re.sub(r"[^A-Za-z0-9_-]", "", message_id) or "message"
    message["Message-ID"] = f"<{local}@{server.sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(lines) + "\n")
    message.add_alternative(
        "<!doctype html><html><body>" + "".join(f"<p>{escape(line)}</p>\n" for line in lines) + "</body></html>\n",
        subtype="html",
    )
    return message


def send(server: MailServer, message: EmailMessage, tls: ssl.SSLContext | None = None) -> Outcome:
    """Hand the message to the server; `tls` is the context of another trust store. Encryption that was asked for and
    is not offered is a failure: nothing is sent in the clear instead. Delivered means that the server took it for at
    least one recipient."""
    context = tls or ssl.create_default_context()
    try:
        with _connected(server, context) as connection:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.username:
                connection.login(server.username, server.password)
            refused = connection.send_message(message)
            return Outcome(True, f"taken by {server.host}" + (f", but for {len(refused)} refused" if refused else ""))
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return _failure(server.host, error)


def _failure(host: str, error: Exception) -> Outcome:
    """What went wrong, without anybody's address in it; what the declaration or the message must mend is final."""
    is_final = False
    match error:
        case smtplib.SMTPNotSupportedError():
            told, is_final = f"{host} does not offer what is needed (STARTTLS, login or UTF-8)", True
        case smtplib.SMTPAuthenticationError():
            told = f"{host} refused the login ({error.smtp_code})"
        case smtplib.SMTPRecipientsRefused():
            codes = sorted({code for code, _ in error.recipients.values()})
            told, is_final = f"{host} refused every recipient ({', '.join(map(str, codes))})", min(codes) >= 500
        case smtplib.SMTPResponseException():
            told, is_final = f"{host} answered {error.smtp_code}", error.smtp_code >= 550
        case ssl.SSLError():
            told = f"no encrypted connection to {host}: {error.reason or 'refused'}"
        case _:
            told = f"no answer from {host}: {type(error).__name__}"
    return Outcome(False, told, is_final)


def _connected(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.security == "ssl":
        return smtplib.SMTP_SSL(server.host, server.port, "localhost", timeout=server.timeout_seconds, context=context)
    return smtplib.SMTP(server.host, server.port, "localhost", timeout=server.timeout_seconds)
