"""A forecast over a horizon that history is too short to teach: learned on a shorter one, moved by the own rhythm.

    link(H) = link of the model at the learned horizon h + rhythm at H - rhythm at h

The ranking and its correction come from the model, the level from a buy-till-you-die process, which needs no
labels and forecasts any horizon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.blend import Blend
from foretell.models.contract import Contributions, Fitted, State
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd, FittedBuyTillYouDie
from foretell.models.links import bounded, closed, from_link, to_link
from foretell.project.objectives import Kind, Target

MOVED_LABELS = frozenset({"ordered", "orders", "spend"})


@dataclass(frozen=True)
class FittedLongerHorizon:
    """`fitted` learned `learned_days` ahead; `rhythm` carries it to the horizon of the examples it is asked about.

    Without a rhythm (shares of a tier, declines) the forecast stays that of the learned horizon. `shift` moves the
    level of all forecasts (see `level`).
    """

    kind: Kind
    learned_days: int
    fitted: Fitted
    rhythm: FittedBuyTillYouDie | None
    shift: float = 0.0

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), self.kind)

    def link(self, examples: Examples) -> np.ndarray:
        """The learned link, moved."""
        learned = to_link(self.fitted.predict(self._as_learned(examples)), self.kind)
        return bounded(learned + self._move(examples), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        """Those of the learned forecast, the move added to the own rhythm."""
        own = self.fitted.contributions(self._as_learned(examples))
        move = self._move(examples)
        if OWN_RHYTHM in own.names:
            values = own.values.copy()
            values[:, own.names.index(OWN_RHYTHM)] += move
            return closed(own.base, own.names, values, self.link(examples))
        values = np.column_stack([own.values, move])
        return closed(own.base, (*own.names, OWN_RHYTHM), values, self.link(examples))

    def state(self) -> State:
        rhythm = None if self.rhythm is None else dict(self.rhythm.state())
        return {**vars(self), "fitted": dict(self.fitted.state()), "rhythm": rhythm}

    def _as_learned(self, examples: Examples) -> Examples:
        return replace(examples, horizon_days=self.learned_days)

    def _move(self, examples: Examples) -> np.ndarray:
        if self.rhythm is None or examples.horizon_days == self.learned_days:
            return np.full(len(examples), self.shift)
        longer, shorter = (self.rhythm.link(examples, days) for days in (examples.horizon_days, self.learned_days))
        return np.asarray(self.shift + longer - shorter)


class LongerHorizon:
    """The blend, learned at the horizon of its examples, for forecasts over a longer one."""

    name: ClassVar[str] = "longer_horizon_blend"
    kinds: ClassVar[frozenset[Kind]] = Blend.kinds
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = "link of the blend at a shorter horizon + BG/NBD's link at the longer - at the shorter"

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedLongerHorizon:
        """The rhythm is read at the newest cutoff of `examples`, like the blend's own."""
        return self.fit_with_rhythm(examples, examples, target, seed)

    def fit_with_rhythm(self, examples: Examples, rhythm: Examples, target: Target, seed: int) -> FittedLongerHorizon:
        """The same, the rhythm read from the facts of `rhythm`: rows of the scoring date, without labels."""
        learned = Blend().fit(examples, target, seed)
        process = BgNbd().fit(rhythm, target, seed) if target.label in MOVED_LABELS else None
        return FittedLongerHorizon(target.kind, examples.horizon_days, learned, process)

    def restore(self, state: State) -> FittedLongerHorizon:
        rhythm = None if state["rhythm"] is None else BgNbd().restore(state["rhythm"])
        return FittedLongerHorizon(**{**state, "fitted": Blend().restore(state["fitted"]), "rhythm": rhythm})
