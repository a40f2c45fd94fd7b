"""Stable hashes: the same on every machine, engine and Python version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import numpy as np


def keys_of(texts: Iterable[str]) -> np.ndarray:
    """uint64 key of each text: the first eight bytes, big-endian, of its MD5 in UTF-8 (not for secrecy)."""
    digests = b"".join(hashlib.md5(text.encode(), usedforsecurity=False).digest()[:8] for text in texts)
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def fingerprint(value: object) -> str:
    """Sixteen hex digits of the SHA-256 of `value` as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fingerprint_of_arrays(*arrays: np.ndarray) -> str:
    """Sixteen hex digits of the SHA-256 of the arrays' types, shapes and bytes, in the given order."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]
