"""Coverage of read-outs: one campaign drawn again and again, its people and models fixed, beside what is planted.

Arms are drawn anew by the functions that draw a campaign. What customers do because of their arm is drawn anew by the
shop; what they do of their own accord is what they did. The truth is the mean of what is planted in those customers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.actions.assignments import TREATED, Assignments
from foretell.actions.drawing import ToAct, drawn_for
from foretell.experiments.comparison import Comparison
from foretell.generated.calendar import DAY
from foretell.generated.continued.planted import Done, Planted
from foretell.outcomes.campaign import Drawn, compared, explored_rows, taken
from foretell.outcomes.customer_outcomes import BEFORE_DAYS, CustomerOutcomes
from foretell.pipeline.simulation.asked import COST, MARGIN, WINDOW_DAYS

JUDGED = ("orders", "profit")
AS_ACTED, MONEY_FOR_ALL = "with the money of the loop", "with money for all"


@dataclass(frozen=True)
class Covered:
    """How the 95 % intervals of one outcome held over redraws of a campaign with so many treated and aside: the truth
    lay within `within` of them, `under` the others or `over` them; `untold` had none. `effect` is the truth, `mean`
    what was read out in the mean, `width` that of an interval; both None where nothing was told."""

    campaign: str
    outcome: str
    treated: int
    aside: int
    redraws: int
    within: int
    under: int
    over: int
    untold: int
    effect: float
    mean: float | None
    width: float | None

    @property
    def share(self) -> float | None:
        """Of the intervals that were told, those that hold the truth; None where none was told."""
        told = self.redraws - self.untold
        return self.within / told if told else None


def covered(planted: Planted, asked: ToAct, ledger: Assignments, second: int, redraws: int) -> list[Covered]:
    """The coverage of a campaign that is to be acted on at a second of the shop, and of the same one with money for
    all."""
    free = replace(asked, playbook=asked.playbook.model_copy(update={"budget": None}))
    found = list[Covered]()
    for name, campaign in ((AS_ACTED, asked), (MONEY_FOR_ALL, free)):
        redrawn = [one for one in _redrawn(planted, (campaign, ledger), second, redraws) if one]
        found += [_summed(name, outcome, [one[outcome] for one in redrawn]) for outcome in JUDGED if redrawn]
    return found


def together(found: Sequence[Covered]) -> Covered:
    """The same campaign and outcome in several shops, as one: counts are added, arms and sizes are those of the mean
    shop."""
    means, widths = ([own for one in found if (own := getattr(one, name)) is not None] for name in ("mean", "width"))
    return Covered(
        found[0].campaign,
        found[0].outcome,
        round(float(np.mean([one.treated for one in found]))),
        round(float(np.mean([one.aside for one in found]))),
        sum(one.redraws for one in found),
        sum(one.within for one in found),
        sum(one.under for one in found),
        sum(one.over for one in found),
        sum(one.untold for one in found),
        float(np.mean([one.effect for one in found])),
        float(np.mean(means)) if means else None,
        float(np.mean(widths)) if widths else None,
    )


@dataclass(frozen=True)
class _ReadOut:
    """What one redraw told; NaN where it told nothing."""

    truth: float
    effect: float
    low: float
    high: float
    treated: int
    aside: int


def _redrawn(
    planted: Planted, campaign: tuple[ToAct, Assignments], second: int, redraws: int
) -> Iterator[dict[str, _ReadOut]]:
    asked, ledger = campaign
    everybody = asked.candidates.customer_id.cast(pa.string())
    own, before, extra = (
        planted.own(everybody, second, WINDOW_DAYS),
        planted.own(everybody, second - BEFORE_DAYS * DAY, BEFORE_DAYS),
        planted.extra(everybody, second, WINDOW_DAYS),
    )
    for draw in range(redraws):
        assigned = drawn_for(replace(asked, seed=draw), ledger).assigned
        texts = {name: np.array(assigned[name].to_pylist(), dtype=object) for name in ("arm", "stratum", "offer")}
        ids, treated = assigned["customer_id"].combine_chunks(), texts["arm"] == TREATED
        cost, chance = (assigned[name].to_numpy() for name in ("cost", "propensity"))
        drawn = Drawn(texts["arm"], texts["stratum"], texts["offer"], cost, chance, np.ones(len(ids), dtype=bool))
        rows = pc.index_in(ids, value_set=everybody).to_numpy(zero_copy_only=False)
        because = planted.drawn(ids, second, WINDOW_DAYS, treated, draw)
        yield _read_out(drawn, (own.taken(rows), because, before.taken(rows)), extra.taken(rows))


def _read_out(drawn: Drawn, did: tuple[Done, Done, Done], extra: Done) -> dict[str, _ReadOut]:
    (own, because, before), main = did, ~explored_rows(drawn)
    nothing = np.zeros(len(main))
    orders, spend = own.orders + because.orders, own.spend + because.spend
    outcomes = CustomerOutcomes(orders, spend, nothing, nothing, nothing, before.orders, before.spend)
    found = compared(drawn.taken(main), taken(outcomes, main), (MARGIN * spend - drawn.cost)[main])
    if found is None:
        return {}
    truth = {"orders": extra.orders[main].mean(), "profit": MARGIN * extra.spend[main].mean() - COST}
    treated = int((drawn.arm[main] == TREATED).sum())
    arms = treated, int(main.sum()) - treated
    told = {one.outcome: one for one in found.comparisons}
    return {name: _ReadOut(float(truth[name]), *_ends(told[name]), *arms) for name in JUDGED}


def _ends(one: Comparison) -> tuple[float, float, float]:
    """Effect, and both ends of its interval; NaN where it tells none, or may claim nothing."""
    effect, low, high = (np.nan if own is None or one.is_stopped else own for own in (one.effect, one.low, one.high))
    return effect, low, high


def _summed(campaign: str, outcome: str, found: list[_ReadOut]) -> Covered:
    truth, effect, low, high = (
        np.array([getattr(one, name) for one in found]) for name in ("truth", "effect", "low", "high")
    )
    told = np.isfinite(low) & np.isfinite(high)
    under, over = told & (truth < low), told & (truth > high)
    return Covered(
        campaign,
        outcome,
        found[0].treated,
        found[0].aside,
        len(found),
        int((told & ~under & ~over).sum()),
        int(under.sum()),
        int(over.sum()),
        int((~told).sum()),
        float(truth.mean()),
        float(np.mean(effect[told])) if told.any() else None,
        float(np.mean((high - low)[told])) if told.any() else None,
    )
