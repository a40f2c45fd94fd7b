"""What ours must beat: Kaplan-Meier and the shifted-beta-geometric, each by the length of the interval alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from foretell.btyd import shifted_beta_geometric
from foretell.btyd.summary import CannotFit
from foretell.forecasts.contracts.contracts import Contracts
from foretell.forecasts.contracts.hazard import Ends
from foretell.forecasts.contracts.history import MOST_RENEWALS, RenewalHistory, places

KAPLAN_MEIER, SHIFTED_BETA_GEOMETRIC = "Kaplan-Meier", "shifted-beta-geometric"
BASELINES = (KAPLAN_MEIER, SHIFTED_BETA_GEOMETRIC)
FEWEST_AT_RISK = 10
FARTHEST = 2 * MOST_RENEWALS


@dataclass(frozen=True)
class TenureCurve:
    """The chance of ending at each renewal, float64 [intervals and one for all others, renewals], by the interval's
    length in microseconds."""

    name: str
    intervals: np.ndarray
    hazard: np.ndarray
    share_early: float

    def ends(self, contracts: Contracts, cutoff: int, ahead: int) -> Ends:
        """Of contracts that run at a cutoff, over the next `ahead` renewals."""
        row = places(self.intervals, contracts.interval)
        outlived = np.floor(contracts.intervals_until(cutoff)).astype(np.int64)
        renewal = np.minimum(outlived[:, None] + np.arange(ahead), self.hazard.shape[1] - 1)
        hazard = self.hazard[row[:, None], renewal]
        before = np.cumprod(np.column_stack([np.ones(len(row)), 1 - hazard]), axis=1)[:, :-1]
        return Ends(before * hazard)


def fitted(name: str, by_interval: RenewalHistory) -> TenureCurve:
    """A baseline on what renewals taught, counted by interval; an interval that teaches too little has the curve of
    all."""
    at_risk, ended = (counts.astype(np.float64) for counts in (by_interval.at_risk, by_interval.ended))
    curve = CURVES[name]
    of_all = curve(at_risk.sum(axis=0), ended.sum(axis=0))
    rows = [
        curve(risk, ends) if ends.sum() >= shifted_beta_geometric.FEWEST_ENDS and ends.sum() < risk.sum() else of_all
        for risk, ends in zip(at_risk, ended, strict=True)
    ]
    return TenureCurve(name, by_interval.groups, np.stack([*rows, of_all]), by_interval.share_early)


def kaplan_meier(at_risk: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """float64 [FARTHEST]: the share that ended at each renewal; where fewer than `FEWEST_AT_RISK` came to it, that of
    all renewals together."""
    hazard = np.full(FARTHEST, ended.sum() / max(at_risk.sum(), 1.0))
    enough = np.flatnonzero(at_risk >= FEWEST_AT_RISK)
    hazard[enough] = ended[enough] / at_risk[enough]
    return hazard


def beta_geometric(at_risk: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """float64 [FARTHEST]: the hazard of the fitted process; Kaplan-Meier's where none can be fitted."""
    try:
        process = shifted_beta_geometric.fit(at_risk, ended)
    except CannotFit:
        return kaplan_meier(at_risk, ended)
    return 1 - process.retention(np.arange(1, FARTHEST + 1))


CURVES: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    KAPLAN_MEIER: kaplan_meier,
    SHIFTED_BETA_GEOMETRIC: beta_geometric,
}
