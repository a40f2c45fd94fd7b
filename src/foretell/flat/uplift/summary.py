"""The answer on an experiment in sentences, as the screen shows it."""

from __future__ import annotations

from foretell.flat.uplift.run import UpliftOutcome
from foretell.uplift.decision import FEWEST_POSITIVES
from foretell.words.wording import counted, percent, shown

SPOKEN = {
    "targeting": "each customer the best for them",
    "treat_none": "contact nobody",
    "treat_all": "contact everybody, arms as drawn",
    "best_single_arm": "the best arm for everybody",
    "by_risk": "as many, by highest expected outcome",
    "random": "as many, by chance",
}


def headline(outcome: UpliftOutcome) -> str:
    """What to do, in one sentence."""
    decision, arms = outcome.decision, outcome.intake.trial.arms
    if decision.action is None:
        return f"Target: {decision.why}."
    what = {
        "treat all": f"Treat all with {shown(arms[decision.action])}",
        "treat none": "Treat none",
    }.get(decision.decision, f"No evidence that targeting pays; for everybody: {shown(arms[decision.action])}")
    return f"{what}: {decision.why}."


def notes(outcome: UpliftOutcome) -> list[str]:
    """What was left out, and what the reader should doubt."""
    intake = outcome.intake
    told = list(intake.warnings)
    told += [
        f"{shown(arm.arm)} has {counted(arm.positives, 'row')} with an outcome: under {FEWEST_POSITIVES} claim nothing"
        for arm in outcome.effects
        if arm.positives < FEWEST_POSITIVES
    ]
    for count, what in ((intake.without_arm, "an arm"), (intake.without_outcome, "an outcome")):
        if count:
            told.append(f"{counted(count, 'row')} without {what} left out")
    if intake.rejected.num_rows:
        told.append(f"{counted(intake.rejected.num_rows, 'row')} not readable, see rejected.parquet")
    return told


def arm_lines(outcome: UpliftOutcome) -> list[str]:
    """A line an arm: rows, mean outcome, effect."""
    width = max(len(shown(arm.arm)) for arm in outcome.effects)
    lines = []
    for at, arm in enumerate(outcome.effects):
        effect = f"effect {arm.effect:+.4g} [{arm.low:.4g}, {arm.high:.4g}]" if at else "the control"
        lines.append(f"{shown(arm.arm).ljust(width)}  {arm.rows:>9,} rows  mean {arm.mean:.4g}  {effect}")
    return lines


def policy_lines(outcome: UpliftOutcome) -> list[str]:
    """A line a policy: what it earns a customer beyond contacting nobody, on rows kept aside."""
    width = max(map(len, SPOKEN.values()))
    return [
        f"{SPOKEN[value.policy].ljust(width)}  {value.gain:+.4g} [{value.gain_low:.4g}, {value.gain_high:.4g}]  "
        f"contacts {percent(value.contacted)}"
        for value in outcome.proof.values
    ]
