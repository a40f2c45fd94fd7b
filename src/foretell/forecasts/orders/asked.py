"""Asked: the customers of one question at a past cutoff, what happened to them, and the forecasts that a model makes
of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from foretell.backtest.curves import best_f1_threshold
from foretell.backtest.forecast import Forecast
from foretell.examples.examples import Examples
from foretell.project.objectives import TARGETS, Target


@dataclass(frozen=True)
class Rows:
    """Customers with a known outcome, in the order of their keys; `eligible` are masks of them."""

    customer_key: np.ndarray
    actual: np.ndarray
    eligible: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, examples: Examples, target: Target) -> Rows:
        """Those of examples, of whom all are asked about the target."""
        return cls(examples.customer_key, examples.labels[target.label], examples.eligible)


@dataclass(frozen=True)
class Asked:
    """`judged` are asked at the cutoff, `learned` are the newest of those who taught, from whom thresholds come.
    `kinds` are masks of the judged by kind of customer."""

    target: str
    horizon_days: int
    cutoff: int
    judged: Rows
    learned: Rows
    kinds: Mapping[str, np.ndarray]

    def forecasts(self, model: str, predicted: np.ndarray, learned: np.ndarray) -> Iterator[Forecast]:
        """What a model says of the target, and of what it tells: churn, which is purchase told from the other side, of
        active customers; and entering the top tier, of those who are outside. `predicted` is of the judged, `learned`
        of those who taught, float64."""
        target, judged, own = TARGETS[self.target], self.judged, self.learned
        is_probability = target.kind == "probability"
        threshold = best_f1_threshold(learned, own.actual) if is_probability else None
        everybody = np.ones(len(predicted), dtype=bool)
        yield self._forecast(target.name, model, everybody, (predicted, judged.actual), threshold)
        for told in (told for told in TARGETS.values() if told.told_by == target.name):
            asked, among = judged.eligible[told.eligible], own.eligible[told.eligible]
            if asked.any():
                at = best_f1_threshold(learned[among], own.actual[among])
                yield self._forecast(told.name, model, asked, (predicted, judged.actual), at)
        active = judged.eligible["active"]
        if target.name == "purchase" and active.any():
            stays = own.eligible["active"]
            at = best_f1_threshold(1 - learned[stays], 1 - own.actual[stays])
            yield self._forecast("churn", model, active, (1 - predicted, 1 - judged.actual), at)

    def _forecast(
        self, objective: str, model: str, rows: np.ndarray, told: tuple[np.ndarray, np.ndarray], at: float | None
    ) -> Forecast:
        everyone = {} if objective == "churn" else {"all": np.ones(len(rows), dtype=bool)[rows]}
        kinds = {name: mask[rows] for name, mask in self.kinds.items()}
        mean, truth = (values[rows] for values in told)
        return Forecast(
            objective,
            TARGETS[self.target].kind,
            self.horizon_days,
            self.cutoff,
            model,
            self.judged.customer_key[rows],
            mean,
            truth,
            {**everyone, "active": self.judged.eligible["active"][rows], **kinds},
            at,
        )
