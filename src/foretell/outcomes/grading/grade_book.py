"""The grade book: every grade that a forecast was given, and what restated it; one SQLite file, no names in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from foretell.outcomes.grading.grade import Grade
from foretell.storage.sqlite import Database
from foretell.words.metrics import metric_name, written
from foretell.words.wording import counted

FILE_NAME = "grades.sqlite"
SCHEMA = """
create table if not exists grades (
  run text not null, horizon_days integer not null, number integer not null, fingerprint text not null,
  grade text not null, primary key (run, horizon_days, number)) without rowid;
"""
HEADLINES = (("purchase", "auroc"), ("spend", "normalised_gini"))
"""By which a restatement is told: of the first that changes as it is written."""


@dataclass(frozen=True)
class Restatement:
    """A grade and the one before it: facts that became known later changed what had happened."""

    before: Grade
    after: Grade

    @property
    def why(self) -> str:
        """What changed, in a few words."""
        found = []
        more = self.after.orders - self.before.orders
        gone = self.before.customers - self.after.customers
        if gone > 0:
            found.append(f"of {counted(gone, 'customer')} nothing is kept any more")
        elif gone < 0:
            found.append(f"{counted(-gone, 'customer')} came back into the log")
        if more > 0:
            found.append(f"{counted(more, 'order')} became known later")
        elif more < 0 and gone <= 0:
            found.append(f"{counted(-more, 'order')} {'was' if more == -1 else 'were'} taken back later")
        return " and ".join(found) or "amounts or dates of orders changed later"

    @property
    def sentence(self) -> str:
        """The change in a sentence.

        >>> Restatement(Grade(9, 0, 5, "a", "", (), (), ()), Grade(9, 0, 17, "b", "", (), (), ())).sentence
        'Restated because 12 orders became known later; no headline figure changed.'
        """
        for objective, metric in HEADLINES:
            old, new = (one.figure(objective, metric) for one in (self.before, self.after))
            told = [written(objective, metric, one.value if one else None) for one in (old, new)]
            if told[0] != told[1]:
                return f"{metric_name(metric)} restated from {told[0]} to {told[1]} because {self.why}."
        return f"Restated because {self.why}; no headline figure changed."


class GradeBook:
    """Reads and writes `grades.sqlite` of a state folder."""

    def __init__(self, state: Path) -> None:
        self._database = Database(
            state / FILE_NAME,
            SCHEMA,
            "the book of grades",
            f"delete {FILE_NAME}: forecasts are graded anew, and what restated them is not known any more",
        )

    def grades(self, run: str, horizon_days: int) -> list[Grade]:
        """Every grade of a run over a horizon, the first one first."""
        if not self._database.is_there:
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                "select grade from grades where run = ? and horizon_days = ? order by number", (run, horizon_days)
            ).fetchall()
        return [Grade.restored(json.loads(row[0])) for row in rows]

    def write(self, run: str, horizon_days: int, grade: Grade) -> None:
        """Write a grade down behind those that are there."""
        with self._database.transaction() as connection:
            (number,) = connection.execute(
                "select coalesce(max(number), 0) + 1 from grades where run = ? and horizon_days = ?",
                (run, horizon_days),
            ).fetchone()
            told = (run, horizon_days, number, grade.fingerprint, json.dumps(grade.as_plain()))
            connection.execute("insert into grades values (?, ?, ?, ?, ?)", told)


def restatements(grades: list[Grade]) -> list[Restatement]:
    """What changed from each grade to the next."""
    return [Restatement(before, after) for before, after in pairwise(grades)]
