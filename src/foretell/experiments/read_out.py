"""The read-out of an experiment: each outcome and arm beside the control, with what stands against believing it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from foretell.experiments import caveats
from foretell.experiments.adjustment import PAYS_UNDER, Measured, capped, compared_means, filled, share_left
from foretell.experiments.comparison import FEWEST_BUYERS, Comparison, Outcome, ReadOut
from foretell.experiments.means import MeanComparison
from foretell.experiments.power import USUAL_POWER, detectable_difference
from foretell.experiments.rates import RateComparison
from foretell.experiments.ratios import ratio_values
from foretell.experiments.sample_ratio import sample_ratio
from foretell.experiments.sequences import TUNED_FOR, alpha_at_any_look, e_value
from foretell.words.wording import joined

ALPHA = 0.05
NOTHING = "nothing to compare"
LEAST_ALPHA = 1e-30
"""Of the bounds for every look: under some thirty units (at the planned size that is usual) they would say nothing."""


def read_out(
    outcomes: Sequence[Outcome],
    arms: np.ndarray,
    control: str,
    shares: Mapping[str, float] | None = None,
    planned: float = TUNED_FOR,
) -> ReadOut:
    """Compare every arm with the control in every outcome, 95 % intervals.

    `arms` is text [units], the arm that each unit was drawn into; `shares` the weights by which they were drawn (an
    arm that is named here and has no unit is counted as empty). `planned` is how many units the bounds for every look
    are tightest at; it must be the same at every look. ValueError where there is no arm beside the control.
    """
    found, sizes = np.unique(arms, return_counts=True)
    by_name = dict(zip(found.tolist(), sizes.tolist(), strict=True))
    names = [control, *sorted((set(by_name) | set(shares or ())) - {control})]
    if len(names) < 2:
        raise ValueError(f"there is no arm beside the control {control!r}")
    counts = {name: int(by_name.get(name, 0)) for name in names}
    ratio = sample_ratio(counts, shares)
    told = caveats.about_ratio(ratio)
    compared = []
    for outcome in outcomes:
        complete = np.isfinite(outcome.values)
        if outcome.per is not None:
            complete &= np.isfinite(outcome.per)
        here = {name: complete & (arms == name) for name in names}
        incomplete = {name: counts[name] - int(here[name].sum()) for name in names}
        missing = caveats.about_incomplete(incomplete, counts)
        for name in names[1:]:
            one = _compared(outcome, here[control], here[name], name, planned)
            compared.append(_with(one, [*told, *missing], ratio.stops))
    return ReadOut(control, counts, ratio, tuple(caveats.with_several(compared)))


def _compared(outcome: Outcome, control: np.ndarray, arm: np.ndarray, name: str, planned: float) -> Comparison:
    """One outcome in one arm; `control` and `arm` are bool [units], those with a complete outcome."""
    sizes = int(control.sum()), int(arm.sum())
    values = outcome.values if outcome.cap is None else np.minimum(outcome.values, outcome.cap)
    buyers = int(np.count_nonzero(values[control])), int(np.count_nonzero(values[arm]))
    capping = "" if outcome.cap is None else f", amounts above {outcome.cap:,.6g} counted as that (fixed before)"
    warnings = caveats.about_buyers(*buyers, outcome.name) if min(sizes) else []
    if outcome.cap is not None:
        above = int((outcome.values[control | arm] > outcome.cap).sum())
        warnings.append(f"the effect is that on capped amounts: {above:,} lie above {outcome.cap:,.6g}")
    compared = _comparison(outcome, values, control, arm, min(buyers))
    if compared is None:
        what = "an arm has under two units with an outcome"
        if min(sizes) >= 2:
            what = "the denominator does not come to more than 0"
        return Comparison(outcome.name, name, *sizes, *buyers, NOTHING, (*warnings, what))
    p_value, fixed = compared.p_value, compared.interval(ALPHA)
    at_any_look = alpha_at_any_look(sum(sizes), planned, ALPHA)
    always = compared.wary_interval(at_any_look) if at_any_look > LEAST_ALPHA else None
    if always and fixed:
        always = min(always[0], fixed[0]), max(always[1], fixed[1])
    z = compared.wary_z
    relative = compared.relative_interval(ALPHA)
    if always is None and fixed is not None:
        warnings.append("too few units yet for bounds that hold at every look")
    if fixed is None:
        warnings.append("no value differs within the arms: there is no spread to judge by")
    elif relative is None:
        warnings.append("the control's mean is not surely above 0: no interval of the relative effect")
    is_share = isinstance(compared, RateComparison)
    return Comparison(
        outcome=outcome.name,
        arm=name,
        n_control=sizes[0],
        n_arm=sizes[1],
        control_mean=compared.control_mean,
        arm_mean=compared.arm_mean,
        effect=compared.effect,
        low=fixed[0] if fixed else None,
        high=fixed[1] if fixed else None,
        relative=compared.effect / compared.control_mean if compared.control_mean > 0 else None,
        relative_low=relative[0] if relative else None,
        relative_high=relative[1] if relative else None,
        p_value=p_value,
        always_low=always[0] if always else None,
        always_high=always[1] if always else None,
        method=f"{compared.method}{capping}",
        warnings=tuple(warnings),
        buyers_control=buyers[0],
        buyers_arm=buyers[1],
        detectable=_detectable(compared, sizes),
        e_value=None if z is None else e_value(z, sum(sizes), planned),
        is_share=is_share or _is_yes_or_no(outcome, control | arm),
    )


def _comparison(
    outcome: Outcome, values: np.ndarray, control: np.ndarray, arm: np.ndarray, buyers: int
) -> RateComparison | MeanComparison | None:
    """The comparison that suits the outcome; None where an arm has no two units, or a ratio no denominator."""
    if min(control.sum(), arm.sum()) < 2:
        return None
    label = joined(list(outcome.before))
    before = np.column_stack(
        [np.zeros((len(values), 0)), *(capped(column)[0][:, None] for column in outcome.before.values())]
    )
    before = filled(before[control | arm])
    of_control, of_arm = control[control | arm], arm[control | arm]
    own = [values[control], values[arm]]
    if outcome.per is not None:
        linear = [ratio_values(values[one], outcome.per[one]) for one in (control, arm)]
        if linear[0] is None or linear[1] is None:
            return None
        own = [linear[0], linear[1]]
    measured = [Measured(part, before[of]) for part, of in zip(own, (of_control, of_arm), strict=True)]
    if _is_yes_or_no(outcome, control | arm) and (buyers < FEWEST_BUYERS or share_left(measured[0]) > PAYS_UNDER):
        happened = [int(part.sum()) for part in own]
        return RateComparison(happened[0], len(own[0]), happened[1], len(own[1]))
    of = "means" if outcome.per is None else "ratios (delta method)"
    return compared_means(measured[0], measured[1], label, of)


def _is_yes_or_no(outcome: Outcome, rows: np.ndarray) -> bool:
    own = outcome.values[rows]
    return outcome.per is None and bool(np.isin(own, (0.0, 1.0)).all())


def _detectable(compared: RateComparison | MeanComparison, sizes: tuple[int, int]) -> float | None:
    if isinstance(compared, RateComparison):
        found = detectable_difference(compared.control_mean, *sizes)
    else:
        found = float(ndtri(USUAL_POWER) - ndtri(ALPHA / 2)) * compared.error
    return found if math.isfinite(found) and found > 0 else None


def _with(one: Comparison, told: Sequence[str], is_stopped: bool) -> Comparison:
    return replace(one, warnings=(*told, *one.warnings), is_stopped=is_stopped)
