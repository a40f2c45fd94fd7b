"""Webhooks by the Standard Webhooks specification: a POST of JSON, signed, at most once per attempt.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from foretell.delivery.connection import TIMEOUT_SECONDS, Call, NoAnswer, Server, called, server_of
from foretell.delivery.ledger import Outcome
from foretell.project.errors import InputError

PREFIX = "whsec_"
LARGEST_BODY_BYTES = 256 * 1024
LEAST_SECRET_BYTES, MOST_SECRET_BYTES = 24, 64
GONE = 410


@dataclass(frozen=True, kw_only=True)
class Endpoint(Server):
    """Where a webhook goes. `secrets` are raw bytes, the newest first: a message is signed with each, so that a
    receiver can change over."""

    secrets: tuple[bytes, ...] = field(repr=False)


def endpoint(url: str, secret: str, allow_private: bool = False, timeout_seconds: float = TIMEOUT_SECONDS) -> Endpoint:
    """The endpoint of a URL and the text of its secret (`whsec_` and base64; several with spaces between).

    InputError where either cannot be used; neither the secret nor the path of the URL is in it.
    """
    server = server_of(url, "the webhook", allow_private, timeout_seconds)
    secrets = tuple(secret_bytes(one) for one in secret.split())
    if not secrets:
        raise _unusable_secret("nothing")
    return Endpoint(**vars(server), secrets=secrets)


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
    headers = {
        "content-type": "application/json",
        "user-agent": "foretell",
        "webhook-id": message_id,
        "webhook-timestamp": str(now_seconds),
        "webhook-signature": signature(message_id, now_seconds, body, to.secrets),
    }
    try:
        return _outcome(called(to, Call("POST", to.path, headers, body, read_whole=False), tls).status)
    except NoAnswer as failed:
        return Outcome(False, failed.told, failed.is_final)


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
