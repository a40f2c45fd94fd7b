"""The world of a simulation: a generated shop that goes on, and the project that sees no more of it than its files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.generated.calendar import DAY, FIRST_DAY
from foretell.generated.continued.going_on import continue_shop
from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, declaration_text, write_shop
from foretell.pipeline.simulation.asked import (
    COST,
    DAYS_PER_WEEK,
    HOLDOUT,
    MARGIN,
    OFFER,
    ORDER_BY_LETTER,
    PLAYBOOK,
    WINDOW_DAYS,
)
from foretell.pipeline.simulation.drifts import Drift
from foretell.project.declaration import FILE_NAME
from foretell.project.place import RESULTS_FOLDER, Place
from foretell.project.progress import Silent

PLAYBOOK_PARTS = f"""
[[offers]]
name = "{OFFER}"
channel = "post"
cost = {COST}

[[playbooks]]
name = "{PLAYBOOK}"
when = "orders_life >= 1"
offers = ["{OFFER}"]
goal = "margin"
window = "{WINDOW_DAYS}d"
budget = {{budget}}
per = "week"
cooldown = "{WINDOW_DAYS}d"
cooldown_all = "{WINDOW_DAYS}d"
holdout = {HOLDOUT}
effect = "{ORDER_BY_LETTER}"
"""


@dataclass(frozen=True)
class World:
    """`shop` has the files and the truth, `project` what the loop reads and writes; the truth never comes there."""

    request: ShopRequest
    folder: Path

    @classmethod
    def begun(cls, request: ShopRequest, folder: Path, budget: float) -> World:
        """A new shop, and a project that declares its files, one offer and one playbook."""
        world = cls(request, folder)
        world.project.mkdir(parents=True)
        write_shop(request, world.shop, Silent())
        money = f'value = "net"\nmargin = {MARGIN}\nseed = {request.seed}\n'
        declared = declaration_text(request).replace('value = "net"\n', money, 1)
        text = declared + PLAYBOOK_PARTS.format(budget=budget)
        world.declaration.write_text(text, encoding="utf-8")
        world.delivered(None)
        return world

    @property
    def shop(self) -> Path:
        """The folder of the generated shop."""
        return self.folder / "shop"

    @property
    def project(self) -> Path:
        """The folder of the project."""
        return self.folder / "project"

    @property
    def declaration(self) -> Path:
        """The project's foretell.toml."""
        return self.project / FILE_NAME

    @property
    def place(self) -> Place:
        """Where the project keeps its state and results."""
        return Place.of_declaration(self.declaration, RESULTS_FOLDER)

    def second(self, week: int) -> int:
        """The midnight on which a week begins, in seconds of the shop."""
        return (self.request.days + week * DAYS_PER_WEEK) * DAY

    def day(self, week: int) -> str:
        """The same as a day (ISO)."""
        return (FIRST_DAY + timedelta(seconds=self.second(week))).isoformat()

    def goes_on(self, assigned: pa.Table | None, drift: Drift | None) -> None:
        """The next seven days, in which customers react to who was assigned when they began (rows of the ledger)."""
        path = None if assigned is None else self.folder / "assigned.parquet"
        if assigned is not None:
            moments = assigned["assigned_at"].cast(pa.timestamp("us"))
            texts = pc.strftime(moments, format="%Y-%m-%dT%H:%M:%S")
            told = assigned.set_column(assigned.column_names.index("assigned_at"), "assigned_at", texts)
            pq.write_table(told, path)
        continue_shop(self.shop, DAYS_PER_WEEK, path, Silent())
        self.delivered(drift)

    def delivered(self, drift: Drift | None) -> None:
        """Hand the files of the shop over to the project, with what is planted in them."""
        for name in SOURCES:
            shutil.copyfile(self.shop / f"{name}.csv", self.project / f"{name}.csv")
        if drift is not None:
            drift.plant(self.project)

    def kept(self) -> None:
        """Keep the world as it is, so that `restored` can bring it back."""
        shutil.copytree(self.folder, self._aside)

    def restored(self) -> None:
        """The world as it was kept: what happened since has not happened."""
        shutil.rmtree(self.folder)
        shutil.copytree(self._aside, self.folder)

    @property
    def _aside(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.kept")
