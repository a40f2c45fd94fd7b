"""A week of the simulated loop: whom it wrote to, what that truly earns, what was called broken, what was learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretell.outcomes.monitoring.monitored import Broken
from foretell.pipeline.loop.retraining import Retrained
from foretell.pipeline.simulation.policies import Earned


@dataclass(frozen=True)
class Week:
    """What a week of the loop came to. `reachable` may be written to, `earned` is what each policy truly earns of them;
    `broken` is what the monitor found broken, `learned` what became of the models."""

    number: int
    day: str
    reachable: int
    contacts: int
    aside: int
    earned: Mapping[str, Earned]
    broken: tuple[Broken, ...]
    learned: tuple[Retrained, ...]
