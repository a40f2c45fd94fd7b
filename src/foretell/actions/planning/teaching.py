"""What a campaign of a size can teach: which differences it would see, and which it would not."""

from __future__ import annotations

import math
from dataclasses import dataclass

from foretell.experiments.power import detectable_difference

USUAL_HOLDOUT = 0.1
OF_LIMITS = 0.55
"""No holdout is proposed above: more are kept aside only where budget or capacity leave no contact for them."""
MOST_WEEKS = 260
"""Longer than five years is told as never."""


@dataclass(frozen=True)
class Teaching:
    """`rate` is the share of customers expected to order without contact, `detects` the smallest rise of it (absolute)
    that is seen with a power of .8 by `treated` against `control` (infinite: none), `with_tenth` by a holdout of 10 %
    of as many; `believed` is the effect that is believed, `weeks` how long as large campaigns would have to go on."""

    rate: float
    treated: int
    control: int
    detects: float
    with_tenth: float
    believed: float
    weeks: int | None

    @property
    def sees(self) -> bool:
        """Whether the effect that is believed would be seen."""
        return 0 < self.detects <= abs(self.believed)

    def words(self, is_auto: bool) -> list[str]:
        """Sentences; `is_auto` says whether the holdout follows from what is to be seen."""
        sizes = f"With {self.treated:,} treated and {self.control:,} kept aside"
        if math.isinf(self.detects):
            return [f"{sizes} no rise of any size would be seen."]
        found = [
            f"{sizes} a rise of {_points(self.detects)} or more, from {100 * self.rate:.0f} % who order anyway, is "
            "seen in 8 of 10 such campaigns; a smaller one mostly is not."
        ]
        if is_auto and USUAL_HOLDOUT < self.control / (self.treated + self.control) < OF_LIMITS:
            told = "none" if math.isinf(self.with_tenth) else f"{_points(self.with_tenth)} at the least"
            found.append(f"10 % kept aside would see {told}: therefore more are.")
        if self.believed and not self.sees:
            found.append(f"The {_points(abs(self.believed))} that are believed are too few for that. {self._longer()}")
        return found

    def _longer(self) -> str:
        if self.weeks is None or self.weeks > MOST_WEEKS:
            return (
                "Finding nothing will not mean that nothing is there: take more customers, or try something stronger."
            )
        return (
            f"It takes campaigns of this size for about {self.weeks:,} weeks, read together; finding nothing before "
            "does not mean that nothing is there."
        )


def teaching_of(rate: float, treated: int, control: int, believed: float, weeks: int | None) -> Teaching:
    """What a campaign of these sizes can teach."""
    total = treated + control
    tenth = round(total * USUAL_HOLDOUT)
    return Teaching(
        rate,
        treated,
        control,
        detectable_difference(rate, control, treated),
        detectable_difference(rate, tenth, total - tenth),
        believed,
        weeks,
    )


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
