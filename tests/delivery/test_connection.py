"""Calls on real sockets: to addresses that were checked, with an answer or a clear word why there is none."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.connection import Call, ForbiddenAddress, NoAnswer, called, is_public, resolved, server_of
from receivers import serving

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


def test_an_answer_is_read_whole_with_its_headers() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 429 Later\r\nRetry-After: 3\r\nContent-Length: 5\r\n\r\nhello")

    with serving(talk) as port:
        answer = called(server_of(f"http://localhost:{port}", "it", True), Call("GET", "/a", {}))
    assert (answer.status, answer.headers["retry-after"], answer.body) == (429, "3", b"hello")


def test_it_is_told_whether_a_call_may_have_arrived() -> None:
    async def torn(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf")

    with serving(torn) as port, pytest.raises(NoAnswer) as told:
        called(server_of(f"http://localhost:{port}/secret", "it", True), Call("GET", "/secret", {}))
    assert told.value.may_have_arrived
    assert "secret" not in str(told.value)
    with pytest.raises(NoAnswer) as told:
        called(server_of(f"http://localhost:{port}", "it", True), Call("GET", "/", {}))
    assert not told.value.may_have_arrived
