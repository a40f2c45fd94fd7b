"""A call over HTTP to an address that was checked first, within a time limit, under the name that was asked for."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from foretell.project.errors import InputError

TIMEOUT_SECONDS = 15.0
LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where calls go. `path` is that of the URL, with its query; `allow_private` admits private, loopback and
    link-local addresses, and http."""

    host: str
    port: int
    path: str
    is_https: bool
    allow_private: bool = False
    timeout_seconds: float = TIMEOUT_SECONDS


@dataclass(frozen=True)
class Answer:
    """What a server answered; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class NoAnswer(Exception):
    """A call that came to nothing. `may_have_arrived` says that it had been sent, at least in part; where `is_final`,
    another attempt would fare no better. The text names the host alone."""

    def __init__(self, told: str, may_have_arrived: bool = False, is_final: bool = False) -> None:
        super().__init__(told)
        self.told, self.may_have_arrived, self.is_final = told, may_have_arrived, is_final


def server_of(url: str, what: str, allow_private: bool = False, timeout_seconds: float = TIMEOUT_SECONDS) -> Server:
    """The server of a URL; `what` names it in errors. InputError, without the path of the URL, where it cannot be
    used."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("ascii")
        printable = url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        parts, host, port, printable = urlsplit(""), "", None, False
    if not printable or not host or parts.scheme not in ("https", "http") or parts.username is not None:
        raise InputError(
            f"The address of {what} cannot be used.",
            found=host or "no host",
            expected="https://HOST/PATH in ASCII, without a name and a password",
        )
    is_https = parts.scheme == "https"
    if not is_https and not allow_private:
        raise InputError(
            f"The address of {what} is not encrypted.",
            found=f"http://{host}",
            expected="https; http only to a receiver in your own network",
            hint="allow_private = true",
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Server(
        host=host,
        port=port or (443 if is_https else 80),
        path=path,
        is_https=is_https,
        allow_private=allow_private,
        timeout_seconds=timeout_seconds,
    )


@dataclass(frozen=True)
class Call:
    """One request; `path` begins with a slash. Of the answer only the status counts where it is not `read_whole`."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    read_whole: bool = True


def called(to: Server, call: Call, tls: ssl.SSLContext | None = None) -> Answer:
    """Make one call and read its answer; NoAnswer where there is none within the time limit. Redirects are not
    followed. `tls` is the context of another trust store."""
    try:
        address = resolved(to.host, to.port, to.allow_private)
    except ForbiddenAddress:
        told = f"{to.host} lies in a private network; allow_private = true admits it"
        raise NoAnswer(told, is_final=True) from None
    except (OSError, UnicodeError):
        raise NoAnswer(f"{to.host} has no address") from None
    connection = _Pinned(to, address, tls)
    deadline = threading.Timer(to.timeout_seconds, connection.hang_up)
    deadline.start()
    is_sent = False
    try:
        connection.connect()
        is_sent = True
        connection.request(call.method, call.path, call.body, dict(call.headers))
        answer = connection.getresponse()
        body = answer.read(LARGEST_ANSWER_BYTES + 1) if call.read_whole else b""
        is_torn = (call.read_whole and bool(answer.length)) or len(body) > LARGEST_ANSWER_BYTES
        answer.close()
        if connection.is_late:
            raise TimeoutError
        if is_torn:
            raise http.client.IncompleteRead(b"")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
    except ssl.SSLError as error:
        told = f"no encrypted connection to {to.host}: {error.reason or 'refused'}"
        raise NoAnswer(told, may_have_arrived=is_sent) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"no answer from {to.host}: {type(error).__name__}", may_have_arrived=is_sent) from None
    finally:
        deadline.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, to: Server, address: str, tls: ssl.SSLContext | None) -> None:
        self.default_port = 443 if to.is_https else 80
        super().__init__(to.host, to.port, timeout=to.timeout_seconds)
        self._address = address
        self._tls = (tls or _usual_trust()) if to.is_https else None
        self.is_late = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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


@cache
def _usual_trust() -> ssl.SSLContext:
    """The trust store of the machine, read once: that takes longer than a call."""
    return ssl.create_default_context()


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
