"""What our own campaigns do to forecasts, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bench.policy.shop import Habit
from bench.tables import table

if TYPE_CHECKING:
    from bench.policy.run import Found

METHOD = """\
- A generated shop of {customers:,} customers is drawn for {days} days. Then, {rounds} times, every {every} days: the
  blend forecasts everybody's chance of an order in {horizon} days; of those who may be leaving the {reached:.0%} with
  the lowest chance are drawn, {treated:.0%} of them to be contacted, the others to be held back. The draw goes into the
  ledger, and the shop goes on with what these contacts do: a contact works for {works} days at most.
- After the last round both policies forecast, from the same log and the same ledger. Then the same shop goes on for
  {horizon} days, from the same seed, in two ways: with the next round as usual, and with everybody of that round held
  back.
- `comes` is the share of customers who ordered in the future that the policy speaks of. `misses` is the mean forecast
  less that share, in points of a hundred; behind it the standard error over the shops.
- `contact adds` is what the planted effect of the next round comes to: the two futures' difference.
- The level of the blend is as in a run without past tests; boosting has no level.
- The shop is generated: that the bias is seen and taken away shows that the policy does what it says, and nothing of
  the size of it in any real shop.
- Again: `make bench-policy`."""


def page(found: Sequence[Found], habit: Habit, customers: int, facts: Mapping[str, str]) -> str:
    """The whole document."""
    told = {
        "customers": customers, "rounds": habit.rounds, "every": habit.every, "reached": habit.reached,
        "treated": habit.treated, "works": habit.works, "horizon": habit.horizon_days, "days": habit.days_before,
    }  # fmt: skip
    seeds = sorted({one.seed for one in found})
    parts = ["# What contact does to the forecast", "", "Written by `python -m bench.policy`; do not edit.", ""]
    parts += [f"Generated shops with seeds {', '.join(map(str, seeds))}.", "", summary(found), ""]
    parts += ["## What taught", "", taught(found), "", "## How it was measured", "", METHOD.format(**told)]
    parts += ["", "## Made with", "", *(f"- {key}: {value}" for key, value in facts.items())]
    return "\n".join(parts) + "\n"


def summary(found: Sequence[Found]) -> str:
    """A row for each group, learner and policy, over all shops."""
    rows = []
    for group, learner, policy in dict.fromkeys((one.group, one.learner, one.policy) for one in found):
        own = [one for one in found if (one.group, one.learner, one.policy) == (group, learner, policy)]
        comes = [one.as_usual if policy == "as usual" else one.held_back for one in own]
        missed = [one.forecast - share for one, share in zip(own, comes, strict=True)]
        other = [one.forecast - one.held_back for one in own]
        added = [one.as_usual - one.held_back for one in own]
        rows.append(
            [f"{group}, {learner}", policy, _share([one.forecast for one in own]), _share(comes), _points(missed),
             _points(other), _points(added)]
        )  # fmt: skip
    header = [
        "customers, learner",
        "policy",
        "forecast",
        "comes",
        "misses",
        "beyond if nobody is contacted",
        "contact adds",
    ]
    return table(header, rows)


def taught(found: Sequence[Found]) -> str:
    """A row for each shop: what the ledger left under "if nobody is contacted"."""
    rows = []
    for seed in sorted({one.seed for one in found}):
        under = next(one.under for one in found if one.seed == seed and one.policy != "as usual")
        numbers = (under.rows, under.left_out, under.weighed, round(under.effective))
        rows.append([f"seed {seed}", *(f"{number:,}" for number in numbers)])
    return table(["shop", "rows", "left out as contacted", "held back, who stand for them", "worth rows"], rows)


def _share(values: Sequence[float]) -> str:
    return f"{100 * float(np.mean(values)):.1f} %"


def _points(values: Sequence[float]) -> str:
    error = f" ± {100 * float(np.std(values, ddof=1)) / len(values) ** 0.5:.1f}" if len(values) > 1 else ""
    return f"{100 * float(np.mean(values)):+.1f}{error}"
