"""Where customers landed: their segments at the end of a forecast's window, by the cut points that it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.plan import EVERYTHING
from foretell.outcomes.grading.published_forecast import PublishedForecast, declared_sets_of
from foretell.project.request import Asked
from foretell.segments.movement.sets import sets_of
from foretell.segments.standing import Moment, Standings, joined
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey


@dataclass(frozen=True)
class Landed:
    """Key to the segment at the end of the window."""

    segments: Mapping[int, str]

    def of_keys(self, keys: np.ndarray) -> list[str | None]:
        """The segment of each customer; None of whom it is not known."""
        return [self.segments.get(int(key)) for key in keys]


def landed(engine: Engine, forecast: PublishedForecast, asked: Asked, survey: Survey) -> Landed | None:
    """The segments at the end of the window, of the set that the forecast told of; None where that set is told by
    scores, or the project declares other segments by now. `survey` is the log as it looks at that moment."""
    if forecast.cuts is None or forecast.declared != declared_sets_of(asked):
        return None
    shown = replace(asked, segment_set=forecast.segment_set)
    sets = sets_of(shown, forecast.cuts, survey.begun)
    group = next((one for one in sets.sets if one.name == forecast.segment_set), None)
    if group is None or group.name not in forecast.cuts.cuts:
        return None
    end = Moment.now(forecast.window.end)
    parts = list(engine.over(Standings((end,), forecast.cuts.window_days, survey, group.features), EVERYTHING))
    if not parts:
        return None
    then = joined([part[0] for part in parts])
    codes = group.assign(then, forecast.cuts.cuts[group.name])
    places = zip(then.customer_key.tolist(), codes.tolist(), strict=True)
    return Landed({key: group.segments[code] for key, code in places if code >= 0})
