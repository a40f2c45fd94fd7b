"""Customer lists of advertisers: hashed as each asks, and no address in the file."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.pushes.contract import Person
from foretell.delivery.pushes.customer_match import Advertiser, CustomerMatch, hashed, normal_email, normal_phone


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("advertiser", "email", "phone"),
    [("google", "annlee@gmail.com", "+491701234567"), ("meta", "ann.lee@gmail.com", "491701234567")],
)
def test_each_gets_what_it_asks_for_and_nothing_else(
    tmp_path: Path, advertiser: Advertiser, email: str, phone: str
) -> None:
    target = CustomerMatch(tmp_path / "list.csv", advertiser, "49")
    everybody = [Person("a", {"score": 1}, " Ann.Lee@Gmail.com ", "0170 123-45 67"), Person("b", {}, "b@shop.de")]
    target.send([*everybody, Person("again", {}, "B@shop.de")], "b1")
    with target.path.open(encoding="utf-8", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    assert [one.casefold() for one in head] == ["email", "phone"]
    assert rows == [[sha(email), sha(phone)], [sha("b@shop.de"), ""]]
    assert all(re.fullmatch(r"[0-9a-f]{64}|", cell) for row in rows for cell in row)
    assert set(target.known(everybody[:1])) == {"a", sha("b@shop.de")[:16]}
    assert target.unfit(Person("c", {}, "nobody", "1")) != ""


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("+1 (212) 565-0000", "", "+12125650000"),
        ("001 212 565 0000", "49", "+12125650000"),
        ("(030) 1234567", "49", "+49301234567"),
        ("030 1234567", "", ""),
        ("+49 12", "", ""),
        ("+0301234567", "", ""),
        ("call me", "49", ""),
        ("", "49", ""),
    ],
)
def test_a_phone_number_is_e164_or_nothing(text: str, code: str, number: str) -> None:
    assert normal_phone(text, code) == number


@given(st.emails(), st.sampled_from(["google", "meta"]))
def test_however_an_address_is_written_it_is_the_same(email: str, advertiser: Advertiser) -> None:
    normal = normal_email(email, advertiser)
    assert normal == normal_email(f"  {email.swapcase()}\t", advertiser) or not email.isascii()
    assert normal == normal_email(normal, advertiser)


def test_nothing_is_hashed_to_nothing() -> None:
    assert hashed("") == ""
    assert hashed("test@example.com") == sha("test@example.com")
