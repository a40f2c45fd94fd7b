"""The part of the report on what is not as it was: breaks of sources and customers that last on the day of the run."""

from __future__ import annotations

from foretell.answers.published import RunOverHorizon
from foretell.outcomes.monitoring.book import MonitoringBook
from foretell.outcomes.monitoring.monitored import Broken


def broken(run: RunOverHorizon) -> list[Broken]:
    """The breaks that monitoring found and that have not healed by the day of a run, the oldest first."""
    day = run.plan.as_of_day()
    return [one.broken for one in MonitoringBook(run.request.place.state).breaks() if one.lasts_on(day)]
