"""Remarks: what a reader must know besides the numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from foretell.answers.intake import assumed, left_out_lines, most_common_reasons
from foretell.answers.published import RunOverHorizon
from foretell.customer_log.cells.dates import IN_THE_FUTURE, REASONS
from foretell.examples.plan import Plan
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.words.wording import count, counted, sentence


@dataclass(frozen=True)
class Remark:
    """Something that a reader must not miss; a warning is about whether to believe the numbers."""

    text: str
    is_warning: bool = False


def remarks(run: RunOverHorizon) -> list[Remark]:
    """What a reader must know besides the numbers, warnings first."""
    loads = run.intake.loads
    found = [Remark(text, is_warning=True) for text in [*_short(run.plan), *_late(run.plan)]]
    if refused := sum(load.rejected for load in loads):
        read = sum(load.rows_read for load in loads)
        common = most_common_reasons(run.intake.rejected)
        found.append(
            Remark(f"{count(refused)} of {count(read)} rows could not be used ({common}): see rejected.parquet.")
        )
    found += [Remark(line) for line in left_out_lines(run.intake, run.currency)]
    if ahead := int(pc.sum(pc.equal(run.intake.rejected["reason"], REASONS[IN_THE_FUTURE])).as_py() or 0):
        found.append(
            Remark(
                f"{counted(ahead, 'row')} of them {'lies' if ahead == 1 else 'lie'} after today in "
                f"{run.plan.timezone}: where the shop's clocks are ahead of that, say --timezone."
            )
        )
    found += [Remark(sentence(note)) for note in assumed(run.intake)]
    if day := run.plan.left_out_day:
        found.append(Remark(f"The last day, {day}, looks incomplete and counts as not yet known."))
    if alone := run.plan.survey.refund_only:
        found.append(
            Remark(f"{counted(alone, 'customer')} with refunds only {'is' if alone == 1 else 'are'} not scored.")
        )
    if objecting := run.plan.survey.objecting:
        them = "object" if objecting != 1 else "objects"
        are = "are" if objecting != 1 else "is"
        found.append(Remark(f"{counted(objecting, 'customer')} {them} to profiling and {are} not scored."))
    return found


def _late(plan: Plan) -> list[str]:
    last = int(plan.survey.orders.codes[-1])
    idle = int(local_microseconds(np.array([plan.as_of]), plan.timezone)[0] // MICROSECONDS_PER_DAY) - last - 1
    usual = plan.survey.population(plan.as_of).gap_days_p95
    if idle <= max(14.0, 0.0 if np.isnan(usual) else usual):
        return []
    return [f"The last order is {count(idle)} days before the date of this forecast: is the end of the data missing?"]


def _short(plan: Plan) -> list[str]:
    lines = []
    if plan.serving is None:
        lines.append("Short history: nothing could be learned yet; every customer gets the overall chance.")
    elif plan.serving.shortened_from:
        learned = sorted(grid.horizon_days for grid in plan.several) or [plan.serving.horizon_days]
        over = f"{learned[0]} to {learned[-1]}" if len(learned) > 1 else f"{learned[0]}"
        lines.append(
            f"Short history: learned over {over} days and carried to {plan.horizon_days}; take levels as rough."
        )
    if plan.proving is not None and plan.proving.shortened_from:
        lines.append(
            f"Short history: the backtest covers {plan.proving.horizon_days} days, the log is too short to prove "
            f"{plan.horizon_days}."
        )
    return lines
