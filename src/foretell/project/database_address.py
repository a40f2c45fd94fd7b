"""Addresses of databases: what may be written down, and how no password ever is."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from foretell.project.errors import InputError

SECRET_PARTS = ("password", "passwd", "pwd", "token", "secret", "sslpassword", "access_key", "secret_key", "passfile")
SECRET_VARIABLES = (
    "PGPASSWORD", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID",
)  # fmt: skip
WAY_OUT = (
    "for PostgreSQL leave user and password out and set PGUSER and PGPASSWORD; for any database keep the whole URL in "
    'an environment variable and name it: url_from = "SHOP_DATABASE_URL"'
)
HIDDEN = "***"


def is_address(text: str) -> bool:
    """Whether a text is the address of a database or of a store of objects, rather than a path.

    >>> is_address("postgresql://localhost/shop"), is_address("shop.sqlite"), is_address("C:/shop.csv")
    (True, False, False)
    """
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) is not None


def refuse_password(address: str) -> str:
    """The address; InputError, which does not repeat it, where a password or another secret stands in it."""
    if address and not is_address(address):
        raise InputError(
            "This is no address of a database.",
            expected="such as postgresql://localhost/shop; a file or a folder is given as path",
        )
    if _secrets_in(address):
        raise InputError(
            "A password stands in the address of a database.",
            found=f"{public(address)}, and a password",
            expected="an address without one",
            hint=WAY_OUT,
        )
    return address


def address_in(variable: str, environment: Mapping[str, str] = os.environ) -> str:
    """The address that an environment variable holds; InputError where it holds none."""
    address = environment.get(variable, "").strip()
    if not is_address(address):
        raise InputError(
            "The environment variable holds no address of a database.",
            column=variable,
            found="nothing" if not address else "something else",
            expected="such as postgresql://user:password@localhost/shop",
            hint=f"export {variable}=...",
        )
    return address


def public(address: str) -> str:
    """The address without user, password and other secrets.

    >>> public("postgresql://ann:pass@db.example:5433/shop?sslmode=require&password=pass")
    'postgresql://db.example:5433/shop?sslmode=require'
    """
    parts = _parts(address)
    if parts is None:
        return HIDDEN
    told = [(name, value) for name, value in parse_qsl(parts.query) if not _is_secret(name) and name.lower() != "user"]
    query = "&".join(f"{name}={quote(value, safe='/')}" for name, value in told)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def without_secrets(message: str, address: str = "") -> str:
    """What a driver says, without users and passwords of addresses, those of `address` and of the environment."""
    known = {*_secrets_in(address), *(os.environ.get(name, "") for name in SECRET_VARIABLES)}
    for secret in sorted(filter(None, known), key=len, reverse=True):
        for spelling in (secret, quote(secret, safe="")):
            message = message.replace(spelling, HIDDEN)
    message = re.sub(r"://[^\s'\"]*@", "://", message)
    return re.sub(rf"(?i)\b({'|'.join(SECRET_PARTS)})(\s*[=:]\s*)\S+", rf"\1\2{HIDDEN}", message)


def _secrets_in(address: str) -> list[str]:
    """The password and other secrets of an address, as they are meant and as they are written."""
    parts = _parts(address)
    if parts is None:
        return [address]
    found = [value for name, value in parse_qsl(parts.query) if _is_secret(name)]
    _, mark, password = parts.netloc.rpartition("@")[0].partition(":")
    found += [password] if mark else []
    return [spelling for one in found if one for spelling in (one, unquote(one))]


def _parts(address: str):  # type: ignore[no-untyped-def]
    """The parts of an address; None where it has none that can be told apart, as with a `/`, `?` or `#` that stands
    unquoted in a password and ends the host for whoever splits the address."""
    try:
        parts = urlsplit(address)
        is_split_in_password = parts.port is not None and "@" in parts.path + parts.fragment
    except ValueError:
        return None
    return None if is_split_in_password else parts


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRET_PARTS)
