"""What was looked up in the log for kept forecasts, so that it is not looked up again before the log changes.

One SQLite file that names nobody, and may be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from foretell.project.fingerprints import fingerprint
from foretell.project.version import __version__
from foretell.storage.kept_for_good import KeptForGood
from foretell.storage.sqlite import Database

FILE_NAME = "looked_up.sqlite"
ESTIMATES = "estimates"
SCHEMA = """
create table if not exists looked_up (
  what text not null primary key, log text not null, told text not null) without rowid;
"""


@dataclass(frozen=True)
class LookedUp:
    """Reads and writes `looked_up.sqlite` of a state folder; `log` identifies the log as it stands."""

    state: Path
    log: str

    def told(self, *what: object) -> str | None:
        """What this very log told of something; None where it was not asked."""
        log, told = self._row(what)
        return told if log == self.log else None

    def told_last(self, *what: object) -> str | None:
        """What the log told of something when it was last asked, whatever came since; None where it never was."""
        return self._row(what)[1]

    def tell(self, told: str, *what: object) -> None:
        """Write down what this log tells, in place of what an earlier one did."""
        with self._database.transaction() as connection:
            connection.execute("insert or replace into looked_up values (?, ?, ?)", (fingerprint(what), self.log, told))

    def _row(self, what: tuple[object, ...]) -> tuple[str | None, str | None]:
        if not self._database.is_there:
            return None, None
        with self._database.reading() as connection:
            asked = "select log, told from looked_up where what = ?"
            return connection.execute(asked, (fingerprint(what),)).fetchone() or (None, None)

    @property
    def _database(self) -> Database:
        way_out = f"delete {FILE_NAME}: it is looked up anew"
        return Database(self.state / FILE_NAME, SCHEMA, "what was looked up for forecasts", way_out)


def name_of(kept: KeptForGood) -> tuple[str, int, str]:
    """What identifies a kept forecast."""
    return kept.run, kept.horizon_days, kept.kept.fingerprint


def log_as_it_stands(digests: Iterable[str], value: str, timezone: str) -> str:
    """What identifies a log: the digests of its files, what counts as value, and the time zone. Another version of this
    program looks for itself."""
    return fingerprint([sorted(digests), value, timezone, __version__])
