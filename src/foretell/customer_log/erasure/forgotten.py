"""Who was forgotten: keyed hashes in place of names, so that nobody comes back with the next file.

What is hashed is the stable key of an id as the log reads it: `17850`, `17850.0` and `"17850"` are one, `0001` is not
1. The key of the hash is drawn once and stays in the state folder. Who holds that folder can ask of an id whether it
was forgotten; nobody can read from it who was.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.stable_keys import stable_keys
from foretell.storage.sqlite import Database

FILE_NAME = "forgotten.sqlite"
SCHEMA = """
create table if not exists salt (salt blob not null);
create table if not exists forgotten (hash blob primary key, person integer not null) without rowid;
create table if not exists unfinished (person integer primary key, asked text not null);
"""
CELLS = re.compile(r"[,;|\t\r\n\"'<>(){}\[\]=]+")
LONGEST_NAME_IN_WORDS = 4


@dataclass(frozen=True)
class Forgotten:
    """Hash to the number of the person, from 1 on; a person may have several names, such as an id and an e-mail."""

    salt: bytes = b""
    people: Mapping[bytes, int] = field(default_factory=dict)

    def of_keys(self, keys: np.ndarray) -> np.ndarray:
        """int64: whose key each one is (uint64 stable keys), 0 for nobody who was forgotten."""
        if not self.people:
            return np.zeros(len(keys), dtype=np.int64)
        distinct, place = np.unique(keys, return_inverse=True)
        found = [self.people.get(hashed(int(key), self.salt), 0) for key in distinct]
        return np.array(found, dtype=np.int64)[place]

    def of_ids(self, ids: pa.ChunkedArray | pa.Array) -> np.ndarray:
        """int64: who each id is, in any spelling that the log reads as one; 0 for nobody, and for null."""
        people = np.zeros(len(ids), dtype=np.int64)
        if self.people and len(ids):
            canonical = canonical_ids(ids)
            there = canonical.is_valid().to_numpy(zero_copy_only=False)
            people[there] = self.of_keys(stable_keys(canonical.drop_null()))
        return people

    def only(self, person: int) -> Forgotten:
        """One of them alone."""
        return Forgotten(self.salt, {hash_: number for hash_, number in self.people.items() if number == person})

    @classmethod
    def looked_for(cls, names: Sequence[str]) -> Forgotten:
        """Somebody who is to be found, not forgotten: person 1, by these names."""
        keys, salt = stable_keys(canonical_ids(pa.array(names, pa.string())).drop_null()), secrets.token_bytes(32)
        return cls(salt, {hashed(int(key), salt): 1 for key in keys})

    def in_texts(self, texts: Sequence[str | None]) -> np.ndarray:
        """bool: which texts hold the name of somebody forgotten, as a whole, a cell, a word or a few words."""
        if not self.people:
            return np.zeros(len(texts), dtype=bool)
        parts = [(number, part) for number, text in enumerate(texts) if text for part in set(_parts(text))]
        found = self.of_ids(pa.array([part for _, part in parts], pa.string())) > 0
        named = {number for (number, _), is_one in zip(parts, found, strict=True) if is_one}
        return np.array([number in named for number in range(len(texts))], dtype=bool)


class BlockList:
    """Reads and writes `forgotten.sqlite` of a state folder."""

    def __init__(self, state: Path) -> None:
        self.path = state / FILE_NAME
        self._database = Database(
            self.path,
            SCHEMA,
            "the list of forgotten customers",
            f"delete {FILE_NAME}, and forget everybody again: without it they come back with the next file",
        )

    def read(self) -> Forgotten:
        """Everybody who was forgotten; nobody where there is no list."""
        if not self._database.is_there:
            return Forgotten()
        with self._database.reading() as connection:
            salt = connection.execute("select salt from salt").fetchone()
            people = dict(connection.execute("select hash, person from forgotten").fetchall())
        return Forgotten(salt[0] if salt else b"", people)

    def lend(self, state: Path) -> None:
        """The same list for a state folder that lies aside, in which files are read once."""
        if self._database.is_there:
            state.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.path, state / FILE_NAME)

    def add(self, names: Sequence[str], asked: str) -> int:
        """Put a person with all of their names on the list, before anything is deleted; `asked` says where they are to
        be looked for (no name). The number of the person."""
        with self._database.transaction() as connection:
            self.path.chmod(0o600)
            if connection.execute("select count(*) from salt").fetchone()[0] == 0:
                connection.execute("insert into salt values (?)", (secrets.token_bytes(32),))
            salt = connection.execute("select salt from salt").fetchone()[0]
            keys = [int(key) for key in stable_keys(canonical_ids(pa.array(names, pa.string())).drop_null())]
            person = int(connection.execute("select coalesce(max(person), 0) + 1 from forgotten").fetchone()[0])
            connection.executemany(
                "insert or ignore into forgotten values (?, ?)", [(hashed(key, salt), person) for key in keys]
            )
            connection.execute("insert or replace into unfinished values (?, ?)", (person, asked))
        return person

    def unfinished(self) -> dict[int, str]:
        """The people of whom something may be left since the command was stopped, with what was asked."""
        if not self._database.is_there:
            return {}
        with self._database.reading() as connection:
            return dict(connection.execute("select person, asked from unfinished").fetchall())

    def finished(self) -> None:
        """Nothing is left of anybody."""
        with self._database.transaction() as connection:
            connection.execute("delete from unfinished")


def hashed(key: int, salt: bytes) -> bytes:
    """The keyed hash of a stable key: BLAKE2b (RFC 7693), 16 bytes."""
    return hashlib.blake2b(key.to_bytes(8, "big"), key=salt, digest_size=16).digest()


def canonical_id(text: str) -> str:
    """One id as the log reads it; empty where that is none.

    >>> canonical_id(" 17850.0 "), canonical_id("0001"), canonical_id("Ann@Shop.COM"), canonical_id("n/a")
    ('17850', '0001', 'ann@shop.com', '')
    """
    return str(pc.fill_null(canonical_ids(pa.array([text], pa.string())), "")[0].as_py())


def _parts(text: str) -> Iterator[str]:
    """A text, its cells, their words, and a few words that follow each other."""
    yield text
    for cell in CELLS.split(text):
        words = cell.split()
        for length in range(1, LONGEST_NAME_IN_WORDS + 1):
            yield from (" ".join(words[i : i + length]).strip(".:!?") for i in range(len(words) - length + 1))
        yield cell
