"""Addresses: which ones are public."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.addresses import ForbiddenAddress, is_public, resolved

INSIDE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
)


@pytest.mark.parametrize("text", INSIDE)
def test_what_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_what_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_address_within_another_counts_as_itself(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for outer in (0xFFFF << 32 | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)):
        assert is_public(ipaddress.IPv6Address(outer)) == is_public(inner)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "0x7f.1", "localhost"])
def test_a_host_inside_is_forbidden_unless_allowed(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        resolved(host, 443, allow_private=False)
    assert ipaddress.ip_address(resolved(host, 443, allow_private=True)).is_loopback
