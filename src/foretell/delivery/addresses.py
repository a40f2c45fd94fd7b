"""Addresses: a name is resolved once, checked, and the checked address is the one that is connected to."""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


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
