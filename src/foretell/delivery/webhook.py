"""Webhooks by the Standard Webhooks specification: a POST of JSON, signed, at most once per attempt.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from foretell.delivery.ledger import Outcome
from foretell.project.errors import InputError

PREFIX = "whsec_"
LARGEST_BODY_BYTES = 256 * 1024
LEAST_SECRET_BYTES, MOST_SECRET_BYTES = 24, 64
TIMEOUT_SECONDS = 15.0
GONE = 410
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True)
class Endpoint:
    """Where a webhook goes. `secrets` are raw bytes, the newest first: a message is signed with each, so that a
    receiver can change over. `allow_private` admits private, loopback and link-local addresses, and http."""

    host: str
    port: int
    path: str
    is_https: bool
    secrets: tuple[bytes, ...] = field(repr=False)
    allow_private: bool = False
    timeout_seconds: float = TIMEOUT_SECONDS


def endpoint(url: str, secret: str, allow_private: bool = False, timeout_seconds: float = TIMEOUT_SECONDS) -> Endpoint:
    """The endpoint of a URL and the text of its secret (`whsec_` and base64; several with spaces between).

    InputError where either cannot be used; neither the secret nor the path of the URL is in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("ascii")
        printable = url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        parts, host, port, printable = urlsplit(""), "", None, False
    if not printable or not host or parts.scheme not in ("https", "http") or parts.username is not None:
        raise InputError(
            "The address of the webhook cannot be used.",
            found=host or "no host",
            expected="https://HOST/PATH in ASCII, without a name and a password",
        )
    is_https = parts.scheme == "https"
    if not is_https and not allow_private:
        raise InputError(
            "The webhook is not encrypted.",
            found=f"http://{host}",
            expected="https; http only to a receiver in your own network",
            hint="allow_private = true",
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secrets = tuple(secret_bytes(one) for one in secret.split())
    if not secrets:
        raise _unusable_secret("nothing")
    return Endpoint(host, port or (443 if is_https else 80), path, is_https, secrets, allow_private, timeout_seconds)


def secret_bytes(text: str) -> bytes:
    """The raw secret of `whsec_` and base64; InputError, without the secret in it, where it is none."""
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise _unusable_secret("no base64") from None
    if not text.startswith(PREFIX) or not LEAST_SECRET_BYTES <= len(secret) <= MOST_SECRET_BYTES:
        raise _unusable_secret(f"{len(secret)} bytes" if text.startswith(PREFIX) else f"no {PREFIX} at the beginning")
    return secret


def signature(message_id: str, timestamp: int, body: bytes, secrets: Sequence[bytes]) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, one for each secret, with spaces between."""
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    digests = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def post(to: Endpoint, message_id: str, body: bytes, now_seconds: int, tls: ssl.SSLContext | None = None) -> Outcome:
    """POST one message; `now_seconds` (Unix time) goes into the signature. `tls` is the context of another trust store.

    A redirect is not followed: it is a failure, and final. 410 (gone) is final too; other answers but 2xx, and a
    receiver that is not there or too slow, may be tried again. What the receiver says beside its status is not read.
    """
    if len(body) > LARGEST_BODY_BYTES:
        return Outcome(False, f"the message has {len(body):,} bytes, more than {LARGEST_BODY_BYTES:,}", is_final=True)
    try:
        address = resolved(to.host, to.port, to.allow_private)
    except ForbiddenAddress:
        return Outcome(False, f"{to.host} lies in a private network; allow_private = true admits it", is_final=True)
    except (OSError, UnicodeError):
        return Outcome(False, f"{to.host} has no address")
    connection = _Pinned(to, address, tls or ssl.create_default_context())
    deadline = threading.Timer(to.timeout_seconds, connection.hang_up)
    deadline.start()
    try:
        headers = {
            "content-type": "application/json",
            "user-agent": "foretell",
            "webhook-id": message_id,
            "webhook-timestamp": str(now_seconds),
            "webhook-signature": signature(message_id, now_seconds, body, to.secrets),
        }
        connection.request("POST", to.path, body, headers)
        answer = connection.getresponse()
        answer.close()
        if connection.is_late:
            raise TimeoutError
        return _outcome(answer.status)
    except ssl.SSLError as error:
        return Outcome(False, f"no encrypted connection to {to.host}: {error.reason or 'refused'}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(False, f"no answer from {to.host}: {type(error).__name__}")
    finally:
        deadline.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, to: Endpoint, address: str, tls: ssl.SSLContext) -> None:
        self.default_port = 443 if to.is_https else 80
        super().__init__(to.host, to.port, timeout=to.timeout_seconds)
        self._address, self._tls = address, tls if to.is_https else None
        self.is_late = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            encrypted = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = encrypted
            encrypted.do_handshake()

    def hang_up(self) -> None:
        """End the connection under whoever waits for it, so that a slow receiver cannot hold on for ever."""
        self.is_late = True
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class ForbiddenAddress(Exception):
    """The host lies in a network that is not public."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet; an IPv4 address inside an IPv6 one counts as itself.

    >>> [is_public(ipaddress.ip_address(text)) for text in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1%eth0")]
    [True, False, False, False]
    """
    inner = _within(address) if isinstance(address, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolved(host: str, port: int, allow_private: bool) -> str:
    """The first address of a host, as text; ForbiddenAddress where any of its addresses is not public and private ones
    are not allowed; OSError where the name has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    texts = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(is_public(ipaddress.ip_address(text)) for text in texts):
        raise ForbiddenAddress
    return texts[0]


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo or NAT64; None where there is none."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in NAT64) or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(True, f"answered {status}")
    if 300 <= status < 400:
        return Outcome(False, f"answered {status}; redirects are not followed", is_final=True)
    return Outcome(False, f"answered {status}", is_final=status == GONE)


def _unusable_secret(found: str) -> InputError:
    return InputError(
        "The secret of the webhook cannot be used.",
        found=found,
        expected=f"{PREFIX} and the base64 of {LEAST_SECRET_BYTES} to {MOST_SECRET_BYTES} bytes",
        hint=f"{PREFIX}$(openssl rand -base64 32)",
    )
