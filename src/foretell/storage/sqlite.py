"""SQLite opened one way: rollback journal, one transaction a change, a clear error where a file is no database.

A file that is there but empty has lost what it held, since a database is begun aside and renamed with its tables.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foretell.project.errors import InputError

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Database:
    """One file: `schema` is what it begins with, `what` names it in errors, `way_out` says what to do about damage."""

    path: Path
    schema: str
    what: str
    way_out: str

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction that may write, begun at once; the file is begun where there is none."""
        self._begun()
        with self._connected() as connection:
            connection.execute("pragma secure_delete = on")
            connection.execute("pragma foreign_keys = on")
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that reads; it makes no file, and disturbs nobody who writes. InputError without a file."""
        with self._connected() as connection:
            connection.execute("pragma query_only = on")
            yield connection

    def compact(self) -> None:
        """Write the file anew without what was deleted from it, also by versions that left deleted rows in place."""
        if self.is_there:
            with self._connected() as connection:
                connection.execute("pragma secure_delete = on")
                connection.execute("vacuum")

    @property
    def is_there(self) -> bool:
        """Whether the file has been begun."""
        return self.path.exists()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = None
        try:
            if self.path.exists() and not self.path.stat().st_size:
                raise sqlite3.DatabaseError("the file is empty")
            where = f"{self.path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(where, timeout=TIMEOUT_SECONDS, isolation_level=None, uri=True)
            yield connection
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error
        finally:
            if connection is not None:
                connection.close()

    def _begun(self) -> None:
        """Make the file with its tables, where there is none; two processes may do so at once, one of them wins."""
        if self.path.exists():
            return
        aside = self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex[:8]}.part")
        connection = None
        try:
            connection = sqlite3.connect(aside)
            connection.executescript(self.schema)
            connection.close()
            os.link(aside, self.path)
        except FileExistsError:
            return
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error
        finally:
            if connection is not None:
                connection.close()
            aside.unlink(missing_ok=True)

    def _unusable(self, error: Exception) -> InputError:
        is_damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        lost = is_damaged or "no such table" in str(error) or "no such column" in str(error)
        return InputError(
            f"{self.what[:1].upper()}{self.what[1:]} {'is damaged' if lost else 'cannot be read or written'}.",
            file=str(self.path),
            found=str(error),
            hint=self.way_out if lost else "is the disk full, or the folder read-only?",
        )
