"""Stable keys of many texts at once: the MD5 of `project.fingerprints.keys_of`, computed on whole arrays.

Ids come by the million, and most of them are short; one by one they take longer than all the rest of the layout.
RFC 1321, for messages of one block.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.project.fingerprints import keys_of

LONGEST = 55
AT_ONCE = 8192
FEWEST = 256
"""Fewer are hashed one by one sooner."""
CODE_SHIFT = np.uint64(11)
START = tuple(np.uint32(word) for word in (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476))
SINES = np.floor(np.abs(np.sin(np.arange(1, 65, dtype=np.float64))) * 2.0**32).astype(np.uint32)
SHIFTS = np.array([[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]], dtype=np.uint32)
STEPS, FIRST_WORDS = (1, 5, 3, 7), (0, 1, 5, 0)


def stable_keys(texts: pa.Array) -> np.ndarray:
    """uint64 key of each text (none may be null): the first eight bytes, big-endian, of its MD5 in UTF-8.

    >>> bool(stable_keys(pa.array(["17850"]))[0] == keys_of(["17850"])[0])
    True
    """
    keys = np.empty(len(texts), dtype=np.uint64)
    if not len(texts):
        return keys
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(offsets)
    data = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)
    for begin in range(0, len(texts), AT_ONCE):
        end = min(begin + AT_ONCE, len(texts))
        if end - begin < FEWEST or lengths[begin:end].max() > LONGEST:
            keys[begin:end] = keys_of(texts[begin:end].to_pylist())
        else:
            keys[begin:end] = _keys(data[offsets[begin] : offsets[end]], lengths[begin:end])
    return keys


def codes(texts: pa.Array) -> np.ndarray:
    """int64 code of each text (none may be null): the first 53 bits of its key, so that a float64 holds it exactly."""
    return (stable_keys(texts) >> CODE_SHIFT).astype(np.int64)


def code_of(text: str) -> int:
    """The code of one text.

    >>> code_of("Germany") == codes(pa.array(["Germany"]))[0]
    np.True_
    """
    return int(keys_of([text])[0] >> CODE_SHIFT)


def _keys(data: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    count, longest = len(lengths), int(lengths.max())
    blocks = np.zeros((count, 64), dtype=np.uint8)
    inside = blocks[:, :longest]
    inside[np.arange(longest) < lengths[:, None]] = data
    blocks[np.arange(count), lengths] = 0x80
    words = np.ascontiguousarray(blocks.view("<u4").T)
    words[14] = lengths * 8
    filled = {*range(longest // 4 + 1), 14}
    a, b, c, d = (np.full(count, word) for word in START)
    mixed, turned = np.empty_like(a), np.empty_like(a)
    for turn in range(64):
        quarter, place = divmod(turn, 16)
        _mix(quarter, b, c, d, mixed)
        mixed += a
        word = (FIRST_WORDS[quarter] + STEPS[quarter] * place) % 16
        if word in filled:
            mixed += words[word]
        mixed += SINES[turn]
        shift = SHIFTS[quarter, place % 4]
        np.left_shift(mixed, shift, out=turned)
        np.right_shift(mixed, np.uint32(32) - shift, out=mixed)
        turned |= mixed
        turned += b
        a, b, c, d, turned = d, turned, b, c, a
    high, low = (a + START[0]).byteswap(), (b + START[1]).byteswap()
    return np.asarray((high.astype(np.uint64) << np.uint64(32)) | low)


def _mix(quarter: int, b: np.ndarray, c: np.ndarray, d: np.ndarray, out: np.ndarray) -> None:
    """The four functions of the four rounds, each in as few passes as it can be written."""
    if quarter == 0:
        np.bitwise_xor(c, d, out=out)
        out &= b
        out ^= d
    elif quarter == 1:
        np.bitwise_xor(b, c, out=out)
        out &= d
        out ^= c
    elif quarter == 2:
        np.bitwise_xor(b, c, out=out)
        out ^= d
    else:
        np.invert(d, out=out)
        out |= b
        out ^= c
