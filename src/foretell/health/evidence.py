"""Evidence: what the health checks read, as plain figures and arrays, and findings: what they tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from foretell.forecasts.season.season import NO_SEASON, SeasonShift
from foretell.health.weeks import Weeks

Severity = Literal["warning", "note"]


@dataclass(frozen=True)
class Share:
    """The share of customers that ordered at the training cutoffs (one figure a cutoff) and at the newest test cutoff;
    `told` is the mean chance that the model forecast there."""

    taught: tuple[float, ...]
    tested: float
    told: float
    customers: int
    cutoff: str


@dataclass(frozen=True)
class Total:
    """A forecast total beside what happened at the newest test; `low` to `high` is the 90 % interval of `forecast /
    actual - 1`."""

    objective: str
    forecast: float
    actual: float
    low: float
    high: float
    cutoff: str


@dataclass(frozen=True)
class ScoredPopulation:
    """A fact of the training rows and of the customers being scored; `usual_taught` and `usual_scored` are those of
    the newest test, where the same distance was proved. float64, NaN left out."""

    taught: np.ndarray
    scored: np.ndarray
    usual_taught: np.ndarray
    usual_scored: np.ndarray


@dataclass(frozen=True)
class Evidence:
    """Of one run. `fewest` maps a question to its fewest positives at a test and that cutoff, `spend_by_customer` is
    the trailing year, with the id of the customer who spent most; `auroc_alone` and `importance` are by feature;
    `level_takes_season` says whether a model serves that a season moves."""

    horizon_days: int = 30
    history_days: float = 0.0
    weeks: Weeks = field(default_factory=Weeks)
    share: Share | None = None
    totals: tuple[Total, ...] = ()
    fewest: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    spend_by_customer: np.ndarray = field(default_factory=lambda: np.zeros(0))
    largest_customer: str = ""
    populations: Mapping[str, ScoredPopulation] = field(default_factory=dict)
    auroc_alone: Mapping[str, float] = field(default_factory=dict)
    importance: Mapping[str, float] = field(default_factory=dict)
    season: SeasonShift = NO_SEASON
    level_takes_season: bool = True


@dataclass(frozen=True)
class Finding:
    """What a check found: `seen` in figures, `advice` in a sentence. A warning is about whether to believe the
    numbers, a note about what they cannot tell."""

    name: str
    severity: Severity
    seen: str
    advice: str

    @property
    def text(self) -> str:
        """What was seen, and what to do."""
        return f"{self.seen} {self.advice}"
