"""Files for the customer lists of advertisers: addresses normalised and hashed as each asks, nothing else in them.

Google: "Format your customer data file"; e-mail and phone (E.164, with +) as SHA-256. Meta: "Hashing and normalizing
data"; the same, phone in digits alone. Hashing is no anonymity: who knows an address can find it again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from foretell.delivery.pushes.contract import (
    ALWAYS,
    DONE,
    NO_LIMITS,
    BatchAnswer,
    Limits,
    Person,
    Unreadable,
    Value,
    all_told,
)
from foretell.delivery.pushes.csv_file import write_csv

Advertiser = Literal["google", "meta"]
HEADERS: Mapping[Advertiser, tuple[str, str]] = {"google": ("Email", "Phone"), "meta": ("email", "phone")}
GMAIL = ("gmail.com", "googlemail.com")
SHORTEST_PHONE, LONGEST_PHONE = 8, 15


@dataclass(frozen=True)
class CustomerMatch:
    """All people in one file, each row hashed. `calling_code` is that of numbers without one, such as `49`; empty
    where there is none, so that such numbers are left out."""

    path: Path
    advertiser: Advertiser
    calling_code: str = ""
    limits: Limits = NO_LIMITS
    repeats_for: float = ALWAYS
    takes_all_at_once: bool = True

    def unfit(self, person: Person) -> str:
        return "" if any(self.row(person)) else "no e-mail address, and no phone number with a calling code"

    def size(self, person: Person) -> int:
        return 0

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]]:
        """Everybody in the file as it is now; those not of these people by their hashes."""
        if not self.path.exists():
            return {}
        own = {self.row(person): person.key for person in people}
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unreadable(f"{self.path.name} cannot be read: {type(error).__name__}") from None
        rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
        return {own.get((row[0], row[1]), "".join(row)[:16]): {} for row in rows if len(row) == 2}

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        rows = dict.fromkeys(self.row(person) for person in people)
        write_csv(self.path, [HEADERS[self.advertiser], *rows])
        return BatchAnswer(all_told(people, DONE))

    def row(self, person: Person) -> tuple[str, str]:
        """The hashes of a person's e-mail address and phone number; empty where there is none that can be used."""
        email = normal_email(person.email, self.advertiser)
        phone = normal_phone(person.phone, self.calling_code)
        return hashed(email), hashed(phone if self.advertiser == "google" else phone.removeprefix("+"))


def normal_email(text: str, advertiser: Advertiser) -> str:
    """An address as it is hashed: trimmed, in small letters, for Google without dots before gmail.com; empty where it
    is none.

    >>> [normal_email(text, "google") for text in (" Ann.Lee@Gmail.com", "Ann.Lee@Shop.com ", "Ann")]
    ['annlee@gmail.com', 'ann.lee@shop.com', '']
    """
    email = text.strip().lower()
    local, at, domain = email.rpartition("@")
    if not local or not at or "." not in domain or re.search(r"\s", email):
        return ""
    return f"{local.replace('.', '')}@{domain}" if advertiser == "google" and domain in GMAIL else email


def normal_phone(text: str, calling_code: str = "") -> str:
    """A number in E.164, with its plus; empty where it has no calling code and none is given, or is no number.

    >>> normal_phone("0049 (0)170 1234567"), normal_phone("0170 1234567", "49"), normal_phone("0170 1234567")
    ('+491701234567', '+491701234567', '')
    """
    plain = re.sub(r"[\s().\-/]", "", text.strip().replace("(0)", ""))
    if not re.fullmatch(r"\+?\d+", plain):
        return ""
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if not plain.startswith("+"):
        if not calling_code:
            return ""
        plain = f"+{calling_code}{plain.removeprefix('0')}"
    return plain if SHORTEST_PHONE <= len(plain) - 1 <= LONGEST_PHONE and plain[1] != "0" else ""


def hashed(text: str) -> str:
    """SHA-256 in hexadecimal digits; empty for an empty text.

    >>> hashed("test@example.com")
    '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b'
    """
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
