"""A published run as it is read: by its id, each result once, when it is asked for."""

# ruff: noqa: PLC0415  an answer loads the code of the results that it reads, and no other

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from foretell.customer_log.intake import INTAKE, Intake
from foretell.examples.plan import PLAN, Plan
from foretell.project.place import Place
from foretell.project.request import Request
from foretell.storage.artefacts import Artefact, Made
from foretell.storage.catalogue import Catalogue, RunRecord

if TYPE_CHECKING:
    from foretell.backtest.proof import Proof
    from foretell.forecasts.orders.serving import Serving
    from foretell.scores.customers import ScoredCustomers
    from foretell.segments.movement.segmentation import Segmentation


@dataclass(frozen=True)
class PublishedRun:
    """A run of the catalogue, over all of its horizons."""

    catalogue: Catalogue
    record: RunRecord
    request: Request
    _over: dict[int, RunOverHorizon] = field(default_factory=dict, repr=False)

    @property
    def main(self) -> RunOverHorizon:
        """The horizon that was asked for first."""
        return self.over(self.record.horizons[0])

    @property
    def horizons(self) -> tuple[RunOverHorizon, ...]:
        """All horizons, shortest first."""
        return tuple(self.over(days) for days in sorted(self.record.horizons))

    def request_as_of(self, as_of: str | None) -> Request:
        """What the run was asked, as of another day (None: the end of the data)."""
        return replace(self.request, asked=replace(self.request.asked, as_of=as_of))

    def over(self, horizon_days: int) -> RunOverHorizon:
        """The results over one horizon."""
        return self._over.setdefault(horizon_days, RunOverHorizon(self, horizon_days))


@dataclass(frozen=True)
class RunOverHorizon:
    """The results of a run over one horizon, each read once."""

    run: PublishedRun
    horizon_days: int
    _read: dict[str, Any] = field(default_factory=dict, repr=False)

    def read(self, artefact: Artefact[Made]) -> Made:
        """A result; InputError where it is damaged."""
        if artefact.name not in self._read:
            self._read[artefact.name] = self.run.catalogue.read(self.run.record, artefact, self.horizon_days)
        return self._read[artefact.name]

    @property
    def request(self) -> Request:
        """What the run was asked."""
        return self.run.request

    @property
    def currency(self) -> str:
        """The currency of the amounts; empty where nobody said."""
        return self.run.request.settings.currency

    @property
    def plan(self) -> Plan:
        """As of when, how far, at which cutoffs."""
        return self.read(PLAN)

    @property
    def intake(self) -> Intake:
        """What was read and refused."""
        return self.read(INTAKE)

    @property
    def proof(self) -> Proof:
        """Forecasts at past cutoffs, and what they were worth."""
        from foretell.backtest.proof import PROOF

        return self.read(PROOF)

    @property
    def models(self) -> Serving:
        """The models that serve."""
        from foretell.forecasts.orders.serving import MODELS_THAT_SERVE

        return self.read(MODELS_THAT_SERVE)

    @property
    def scored(self) -> ScoredCustomers:
        """Everybody with the facts behind the scores."""
        from foretell.scores.customers import CUSTOMERS

        return self.read(CUSTOMERS)

    @property
    def customers(self) -> Any:
        """An Arrow table with a row a customer, in the order of the scores."""
        return self.scored.table

    @property
    def scores(self) -> Any:
        """The scores as an Arrow table."""
        from foretell.scores.customers import SCORES

        return self.read(SCORES)

    @property
    def segmentation(self) -> Segmentation:
        """Segments: memberships, migration, forecast, summaries."""
        from foretell.segments.movement.segmentation import SEGMENTS

        return self.read(SEGMENTS)


def published(place: Place, run: str | None = None) -> PublishedRun:
    """The run of that id, or the newest one; InputError where there is none."""
    catalogue = Catalogue(place.state)
    return as_published(catalogue, catalogue.run(run), place)


def as_published(catalogue: Catalogue, record: RunRecord, place: Place) -> PublishedRun:
    """A run of the catalogue, to be read."""
    return PublishedRun(catalogue, record, Request.of_plain(record.asked["request"], place, time.time_ns() // 1_000))
