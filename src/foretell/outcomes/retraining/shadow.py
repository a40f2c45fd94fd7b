"""Shadow scores: what other models would have said of the same customers on the day of a published forecast.

They are kept whatever becomes of the run, as long as they are judged, and meet the outcome as the forecast does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.project.intervals import Window, label_window
from foretell.storage.artefacts import Artefact

CHAMPION, PREDECESSOR, BASELINE = "champion", "predecessor", "baseline"


@dataclass(frozen=True)
class ShadowScores:
    """The chances of an order in `[as_of, as_of + horizon)` by each model. `customers` has a row a customer, in the
    order of `customer_key`: `customer_id`, and a float32 column for each of `asked`. `version` is the number of the
    model that served; `baseline_name` the model behind the baseline. `early_exponent` carries a chance to the first
    `early_days` (see `retraining.early`)."""

    as_of: int
    horizon_days: int
    timezone: str
    version: int
    predecessor: int
    baseline_name: str
    early_days: int
    early_exponent: float
    customers: pa.Table

    @property
    def asked(self) -> tuple[str, ...]:
        """The models that were asked, the champion first."""
        return tuple(name for name in self.customers.column_names if name in (CHAMPION, PREDECESSOR, BASELINE))

    @property
    def keys(self) -> np.ndarray:
        """uint64 [customers], ascending."""
        return np.asarray(self.customers["customer_key"].to_numpy())

    def chance(self, name: str) -> np.ndarray:
        """float64 [customers]: what a model said."""
        return np.asarray(self.customers[name].to_numpy().astype(np.float64))

    def window(self, days: int) -> Window:
        """The first so many days of the forecast."""
        return label_window(self.as_of, days)

    def without(self, forgotten: Forgotten) -> ShadowScores:
        """The same without the rows of those who were forgotten."""
        stays = (forgotten.of_keys(self.keys) == 0) & (forgotten.of_ids(self.customers["customer_id"]) == 0)
        return self if stays.all() else replace(self, customers=self.customers.filter(pa.array(stays)))


SHADOW_SCORES: Artefact[ShadowScores] = Artefact("shadow_scores", ShadowScores)
