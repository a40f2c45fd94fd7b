"""A forecast of a log that is short for its horizon: learned over several horizons, each carried to the one asked for.

    link(H) = mean over the learned horizons h of [link of the blend learned over h + rhythm at H - rhythm at h]

The shorter a horizon, the newer and the more numerous its labels; the longer, the nearer they are to what is asked.
None of them is the best one on every log, and their mean is better than each (docs/explanation/forecasts.md). The
ranking comes from the blends; a buy-till-you-die process, which needs no labels and forecasts any horizon, carries
them. Where there is none (the share of a tier) the forecasts are averaged as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.blend import Blend, FittedBlend
from foretell.models.contract import CannotFit, Contributions, State, closed
from foretell.models.learners.buy_till_you_die import OWN_RHYTHM, BgNbd, FittedBuyTillYouDie
from foretell.models.links import bounded, from_link
from foretell.project.objectives import Kind, Target

MOVED_LABELS = frozenset({"ordered", "orders", "spend"})


@dataclass(frozen=True)
class Part:
    """The blend that was learned `days` ahead."""

    days: int
    blend: FittedBlend


@dataclass(frozen=True)
class FittedSeveralHorizons:
    """`rhythm` carries each of the parts to the horizon of the examples that it is asked about; without one they stay
    as they are. `shift` moves the level of all forecasts (see `level`)."""

    kind: Kind
    parts: tuple[Part, ...]
    rhythm: FittedBuyTillYouDie | None
    shift: float = 0.0

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), self.kind)

    def link(self, examples: Examples) -> np.ndarray:
        """The mean of the parts' links, each carried, and the shift."""
        total = sum(_learned(part, examples) + self._carried(part, examples) for part in self.parts)
        return bounded(self.shift + np.asarray(total) / len(self.parts), self.kind)

    def mixed(self, weights: Mapping[str, float]) -> FittedSeveralHorizons:
        """The same parts, their members with other weights, by name."""
        return replace(self, parts=tuple(replace(part, blend=part.blend.mixed(weights)) for part in self.parts))

    @property
    def weights(self) -> dict[str, float]:
        """The weight of each member that every part has."""
        return self.parts[0].blend.weights

    def contributions(self, examples: Examples) -> Contributions:
        """The mean of the parts', what carries them added to the own rhythm."""
        base, shares = self.shift, dict[str, np.ndarray]()
        for part in self.parts:
            own = part.blend.contributions(replace(examples, horizon_days=part.days))
            base += own.base / len(self.parts)
            for name, values in [
                *zip(own.names, own.values.T, strict=True),
                (OWN_RHYTHM, self._carried(part, examples)),
            ]:
                shares[name] = shares.get(name, 0.0) + values / len(self.parts)
        return closed(base, tuple(shares), np.column_stack(list(shares.values())), self.link(examples))

    def state(self) -> State:
        rhythm = None if self.rhythm is None else dict(self.rhythm.state())
        parts = {str(part.days): dict(part.blend.state()) for part in self.parts}
        return {"kind": self.kind, "parts": parts, "rhythm": rhythm, "shift": self.shift}

    def _carried(self, part: Part, examples: Examples) -> np.ndarray:
        """float64 [rows]: what takes the part's link to the horizon of the examples."""
        if self.rhythm is None or examples.horizon_days == part.days:
            return np.zeros(len(examples))
        longer, shorter = (self.rhythm.link(examples, days) for days in (examples.horizon_days, part.days))
        return np.asarray(longer - shorter)


def _learned(part: Part, examples: Examples) -> np.ndarray:
    return part.blend.link(replace(examples, horizon_days=part.days))


class SeveralHorizons:
    """The blend, learned over the horizon of each examples that teach, for forecasts over any."""

    name: ClassVar[str] = "several_horizons_blend"
    kinds: ClassVar[frozenset[Kind]] = Blend.kinds
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = (
        "mean over several horizons of the blend learned over each + BG/NBD's link at the horizon - at the learned one"
    )

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedSeveralHorizons:
        """One horizon alone; the rhythm is read at the newest cutoff of `examples`, like the blend's own."""
        return self.fit_with_rhythm([examples], examples, target, seed)

    def fit_with_rhythm(
        self, taught: Sequence[Examples], today: Examples, target: Target, seed: int
    ) -> FittedSeveralHorizons:
        """Learned from each of `taught` that has something to teach, the rhythm read from the facts of `today`: rows of
        the scoring date, without labels. `CannotFit` where nothing could be learned, or carried."""
        parts: list[Part] = []
        refused = ""
        for examples in taught:
            try:
                parts.append(Part(examples.horizon_days, Blend().fit(examples, target, seed)))
            except CannotFit as refusal:
                refused = str(refusal)
        if not parts:
            raise CannotFit(refused or "there is nothing to learn from")
        process = BgNbd().fit(today, target, seed) if target.label in MOVED_LABELS else None
        return FittedSeveralHorizons(target.kind, _alike(parts), process)

    def restore(self, state: State) -> FittedSeveralHorizons:
        rhythm = None if state["rhythm"] is None else BgNbd().restore(state["rhythm"])
        parts = tuple(Part(int(days), Blend().restore(own)) for days, own in state["parts"].items())
        return FittedSeveralHorizons(state["kind"], parts, rhythm, float(state["shift"]))


def _alike(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those that have as many members as the richest: a part without trees is no equal of the others."""
    most = max(len(part.blend.members) for part in parts)
    return tuple(part for part in parts if len(part.blend.members) == most)
