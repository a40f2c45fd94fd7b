"""What the simulated loop came to, as tables: the losses first."""

from __future__ import annotations

from collections.abc import Mapping

from bench.tables import table
from foretell.pipeline.simulation.losses import losses
from foretell.pipeline.simulation.simulated import Simulated
from foretell.words.wording import counted, decimal, percent


def page(found: Simulated, facts: Mapping[str, str]) -> str:
    """The whole document."""
    parts = ["# The loop on generated shops", "", "Written by `python -m bench.simulate`; do not edit.", ""]
    made = ["## Made with", "", *(f"- {key}: {value}" for key, value in facts.items()), ""]
    said = [f"- {one}" for one in found.alarms.said] or ["None."]
    alarms = ["## What was called broken though nothing drifted", "", *said, ""]
    return "\n".join([*parts, tables(found), *alarms, *made])


def tables(found: Simulated) -> str:
    """Losses, and a table of each part."""
    asked, done = found.asked, len(found.shops)
    size = (
        f"{done} generated shop{'s' if done != 1 else ''} of {asked.customers:,} customers, {asked.weeks} weeks each, "
        f"{asked.budget:,.0f} letters a week at most."
    )
    return "\n".join(
        [
            size,
            "",
            "### Where it falls short",
            "",
            *([f"- {one}" for one in losses(found)] or ["Nowhere in what is told below."]),
            "",
            "### True profit",
            "",
            policies_table(found),
            "",
            "### Promised and realised",
            "",
            calibration_table(found),
            "",
            "### Read-outs of one campaign drawn anew",
            "",
            coverage_table(found),
            "",
            "### Drifts and false alarms",
            "",
            drifts_table(found),
            "",
        ]
    )


def policies_table(found: Simulated) -> str:
    """One row a policy; money of a shop over all weeks."""
    rows = [
        [
            one.policy, f"{one.contacts:,.0f}", f"{one.profit:,.0f}",
            "" if one.spread is None else f"{one.spread:,.0f}", f"{one.ahead_of_ours} of {len(found.shops)}",
        ]
        for one in found.policies
    ]  # fmt: skip
    return table(["policy", "letters", "true profit", "spread over shops", "ahead of ours in"], rows)


def calibration_table(found: Simulated) -> str:
    """One row a tenth of the forecasts, and one a sum."""
    told = found.calibration
    if not told.graded:
        return "No forecast was ripe in so few weeks."
    rows = [[str(one.number), f"{one.promised:.1%}", f"{one.came:.1%}", f"{one.forecasts:,}"] for one in told.tenths]
    rows += [[f"all {one.what}", f"{one.promised:,.0f}", f"{one.came:,.0f}", ""] for one in told.sums]
    return table(["tenth by chance of an order", "promised", "came", "forecasts"], rows)


def coverage_table(found: Simulated) -> str:
    """One row a campaign and outcome."""
    rows = [
        [
            one.campaign, one.outcome, str(one.treated), str(one.aside), f"{one.redraws:,}", percent(one.share, 1),
            decimal(one.effect), decimal(one.mean), decimal(one.width, 2),
        ]
        for one in found.coverage_of_all
    ]  # fmt: skip
    header = ["campaign", "outcome", "treated", "aside", "redraws", "95 % intervals that held", "truth", "read out"]
    return table([*header, "width"], rows)


def drifts_table(found: Simulated) -> str:
    """One row a drift, and the false alarms below."""
    rows = [
        [one.drift, f"{one.seen} of {one.shops}", "" if one.median_days is None else f"{one.median_days:,.0f}"]
        for one in found.delays
    ]
    alarms = found.alarms
    told = f"Without drift: {counted(alarms.alarms, 'alarm')} in {counted(alarms.days, 'day')}"
    told += f", {alarms.a_month or 0:.1f} a month."
    models = ", ".join(f"{name} {count}" for name, count in found.decisions.items())
    told += f"\n\nModels, of retraining each fourth week and the weekly check of those that serve: {models}."
    return "\n".join([table(["drift", "seen in", "days until it was seen, median"], rows), "", told])
