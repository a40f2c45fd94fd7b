"""A project that goes on day by day: its folder, the rows that each day adds, and what is seen of its state."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foretell.actions.assignments import Assignments
from foretell.answers.published import published
from foretell.customer_log.manifest import Manifest
from foretell.customer_log.store import MANIFEST, Store
from foretell.delivery.ledger import FILE_NAME as DELIVERIES
from foretell.delivery.ledger import Ledger
from foretell.project.place import Place

LOOP = """
[loop]
retrain = "never"

[[alerts]]
name = "leaving"
when = "p_purchase < 50 %"
cooldown = "0d"
untested = true
deliver = ["webhook:shop"]

[[offers]]
name = "letter"
channel = "post"
cost = 0.5

[[playbooks]]
name = "welcome back"
when = "p_purchase < 60 %"
offers = ["letter"]
triggered = true
window = "30d"
effect = "5 %"
deliver = ["webhook:shop"]

[[deliveries]]
kind = "webhook"
name = "shop"
url = "http://127.0.0.1:PORT/hook"
secret_env = "SHOP_SECRET"
allow_private = true
automatic = true
"""
"""What is declared beside the sources: a rule, a playbook to be approved as standing, and one way out for both."""
PLAYBOOK = "welcome back"


@dataclass(frozen=True)
class DailyProject:
    """A project in a folder: `orders` is the file that grows, `days` are the rows that each day adds, each with the
    moment (microseconds UTC) at which its tick comes."""

    folder: Path
    orders: Path
    days: Sequence[tuple[str, int]]

    @property
    def place(self) -> Place:
        """Where it keeps what it knows."""
        return Place(self.folder / "foretell-results", self.folder / ".foretell")

    def comes(self, day: int) -> None:
        """The rows of a day are written to the file."""
        with self.orders.open("a", encoding="utf-8") as file:
            file.write(self.days[day][0])

    def seen(self) -> Seen:
        """What stands in the state folder."""
        run, state = published(self.place), self.place.state
        return Seen(
            run.record.run,
            run.record.as_of,
            run.record.is_exported,
            len(run.main.scores),
            len(Manifest(state / MANIFEST).loads()),
            len(Assignments(state).assignments()),
            len(Ledger(state / DELIVERIES).known()),
        )

    def orders_in_log(self) -> int:
        """How many rows of orders the log holds."""
        return Store.kept(self.place.state).rows("orders")

    def without_log(self) -> None:
        """Take the log away, and leave the published runs with their models: the files are read at once next time."""
        (self.place.state / MANIFEST).unlink()
        shutil.rmtree(self.place.state / "loads")


@dataclass(frozen=True)
class Seen:
    """What a reader finds: the newest run, its scores (all of them can be read), and how much the ledgers hold."""

    run: str
    as_of: int
    is_exported: bool
    scores: int
    loads: int
    assignments: int
    messages: int
