"""The KPIs of a project, as of its newest published run: what is declared and what every log has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from foretell.actions.assignments import Assignments
from foretell.alerts.control_limits import ControlLimits
from foretell.alerts.past.segments import stays_in
from foretell.answers.objectives import AskedObjective, asked
from foretell.answers.published import PublishedRun, published
from foretell.outcomes.campaign import CampaignResult
from foretell.outcomes.kpis.campaign_profit import campaign_profit
from foretell.outcomes.kpis.series import Daily, flows_of, revenue_per_customer, standings_of
from foretell.outcomes.kpis.shares import shares_by_day
from foretell.outcomes.kpis.standing import EPOCH, KpiStanding, standings
from foretell.pipeline.actions.results import result_of
from foretell.pipeline.intake.log import kept_engine
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError
from foretell.project.parts.kpis import CAMPAIGN_PROFIT, KpiPart, kpis_of
from foretell.project.place import Place


@dataclass(frozen=True)
class KpiBoard:
    """How every KPI stands as of a day, the limits that watch them together, and the objectives that were declared."""

    as_of: str
    currency: str
    kpis: tuple[KpiStanding, ...]
    limits: ControlLimits
    objectives: tuple[AskedObjective, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "as_of": self.as_of,
            "currency": self.currency,
            "kpis": [one.as_json() for one in self.kpis],
            "objectives": [one.as_json() for one in self.objectives],
        }


def kpi_board(place: Place, run: str | None = None) -> KpiBoard:
    """The KPIs as of a published run, by its id or the newest."""
    found = published(place, run)
    declared, day = declared_kpis(place), found.main.plan.as_of_day()
    results = campaign_results(found)
    is_wanted = bool(results) or any(part.name == CAMPAIGN_PROFIT for part in declared)
    parts = [part for part in kpis_of(declared) if is_wanted or part.name != CAMPAIGN_PROFIT]
    _refuse_unknown_segments(parts, found)
    told, limits = standings(parts, _series(found, parts, day), day)
    with_campaigns = (
        campaign_profit(one.part, results, day) if one.part.name == CAMPAIGN_PROFIT else one for one in told
    )
    return KpiBoard(day, found.main.currency, tuple(with_campaigns), limits, tuple(asked(found.main)))


def campaign_results(run: PublishedRun) -> list[CampaignResult]:
    """What came of every campaign by what was known before the day of a run."""
    ledger = Assignments(run.request.place.state)
    return [result_of(run, ledger, one) for one in ledger.campaigns()]


def declared_kpis(place: Place) -> list[KpiPart]:
    """The KPIs that the declaration beside the state names; nothing without one."""
    path = place.state.parent / FILE_NAME
    return read_declaration(path).kpis if path.is_file() else []


def _series(run: PublishedRun, parts: Sequence[KpiPart], day: str) -> dict[str, Daily]:
    last = (date.fromisoformat(day) - EPOCH).days - 1
    windows = {part.name: part.window_days for part in parts if part.window_days}
    flows = flows_of(run.main.plan.survey, last)
    found = flows | standings_of(kept_engine(run.request), run.record.as_of, last, windows)
    customers = found.pop("customers of the window", None)
    if customers is not None:
        found["revenue per customer"] = revenue_per_customer(
            flows["revenue"], customers, windows["revenue per customer"]
        )
    wanted = [part for part in parts if part.segment]
    if wanted:
        stays = stays_in(run.main.segmentation.memberships, run.request.asked.segment_set)
        shares = shares_by_day(stays, run.request.settings.timezone, last)
        found |= {part.name: shares[part.segment] for part in wanted if part.segment in shares}
    return {name: series for name, series in found.items() if np.isfinite(series.values).any()}


def _refuse_unknown_segments(parts: Sequence[KpiPart], run: PublishedRun) -> None:
    shown = run.request.asked.segment_set
    known = [
        part.segment for one in run.main.segmentation.summaries if one.segment_set == shown for part in one.segments
    ]
    for part in parts:
        if part.segment and known and part.segment not in known:
            raise InputError(
                "The KPI names a segment that there is not.",
                file=FILE_NAME,
                found=part.segment,
                expected=f"one of: {', '.join(known)}",
            )
