"""The proof by age in words: what the tenth that is pointed at holds, who does better, which facts go with it."""

from __future__ import annotations

from collections.abc import Iterator

from foretell.backtest.bootstrap import Figure
from foretell.customer_log.tables.contacts import CONTACTS
from foretell.customer_log.tables.events import EVENTS
from foretell.features.registry import unit_of
from foretell.forecasts.early_value.indicators import EarlyIndicator
from foretell.forecasts.early_value.past_forecasts import BASELINES, OURS, PREFERRED
from foretell.forecasts.early_value.proof import AtAge, EarlyValue
from foretell.words.wording import UNKNOWN, counted, days, decimal, joined, model_name, percent, sentence

FEWEST_FOR_A_CLAIM = 20
"""Customers in the tier, under which an interval by the bootstrap is too narrow to be believed."""
QUESTION = "Who will be among the best, told early?"
INTERACTIONS = {EVENTS.name: "visits", CONTACTS.name: "marketing contacts"}
"""What is worth knowing of new customers beside orders, by the table that tells it."""
RANKINGS = {
    OURS: "ours",
    "first_order_amount": "first-order amount",
    "spend_so_far": "spend so far",
}


def headline(at: AtAge) -> str:
    """What the tenth that we point at holds of the later top tier's revenue, beside each baseline."""
    ours = percent(at.ranked(OURS).revenue_caught.value)
    others = "; ".join(f"{RANKINGS[name]} {percent(at.ranked(name).revenue_caught.value)}" for name in BASELINES)
    tier = "the later top tier's revenue"
    return f"At {days(at.age_days)} after the first order: the 10\xa0% we point at hold {ours} of {tier}; {others}."


def verdict(at: AtAge) -> str:
    """Whether ours orders new customers better than the best baseline, by average precision."""
    best = max(BASELINES, key=lambda name: at.ranked(name).average_precision.value)
    ahead = next(one for one in at.ahead if one.name == best).average_precision
    ours, theirs = (decimal(at.ranked(name).average_precision.value) for name in (OURS, best))
    figures = f"average precision {ours} against {theirs}{between(ahead)}; {decimal(at.base_rate)} by chance"
    if at.served_by != OURS:
        return f"Ours is not better: {RANKINGS[best]} orders them as well or better, so go by that: {figures}."
    if at.in_tier < FEWEST_FOR_A_CLAIM:
        return f"Ours is ahead of {RANKINGS[best]}, but {at.in_tier} in the tier prove little: {figures}."
    surely = ahead.low is not None and ahead.low > 0
    if surely:
        return f"Ours is better than {RANKINGS[best]}: {figures}."
    return f"Ours is ahead of {RANKINGS[best]}, though not surely: {figures}."


def between(ahead: Figure) -> str:
    """The interval of a difference; empty without one."""
    if ahead.low is None or ahead.high is None:
        return ""
    return f", difference {decimal(ahead.low)} to {decimal(ahead.high)} (90\xa0%)"


def indicator_line(one: EarlyIndicator, currency: str = "") -> str:
    """A fact with its direction and size, and whether the model moves the same way."""
    ratio, text = one.ratio, one.text
    if unit_of(one.feature) == "money" and currency:
        text = text.replace(" or more", f" {currency} or more")
    size = f"{times(ratio.value)} as likely (90\xa0%: {times(ratio.low)} to {times(ratio.high)})"
    says = {0: "", 1 if ratio.value > 1 else -1: "; the model says so too"}.get(one.model_says, "; the model does not")
    return f"{text} ({percent(one.share)} of them): {size}{says}"


def times(ratio: float | None) -> str:
    """A ratio as people say it.

    >>> times(2.13), times(0.412), times(14.2), times(1.02)
    ('2.1 times', '0.41 times', '14 times', '1.02 times')
    """
    if ratio is None:
        return UNKNOWN
    return f"{ratio:.{0 if ratio >= 9.95 else 1 if ratio >= 1.05 else 2}f} times"


def basis(found: EarlyValue) -> str:
    """On whom and over how long it was proved."""
    if not found.ages:
        return found.cannot
    at = found.ages[0]
    shorter = f" (the log is too short for {days(found.asked_days)})" if found.horizon_days < found.asked_days else ""
    return (
        f"{counted(at.customers, 'new customer')} of {counted(len(at.cohorts), 'cohort')}, first order "
        f"{at.cohorts[0].name[:10]} to {at.cohorts[-1].name[-10:]}, each followed for {days(found.horizon_days)} from "
        f"the age on{shorter}. The top tier is the tenth of its cohort that then spent most; only cohorts that were "
        f"closed by then taught the forecasts, {counted(at.taught, 'customer')} the newest."
    )


def lines(found: EarlyValue) -> Iterator[tuple[int, str]]:
    """Everything as sentences, each with its depth."""
    yield 0, basis(found)
    for at in found.ages:
        yield 0, headline(at)
        yield 1, verdict(at)
        yield from ((1, indicator_line(one)) for one in at.indicators)
        if not at.indicators:
            yield 1, "No single fact goes with it beyond chance."
    if found.ages and (told := note(found)):
        yield 0, told


def note(found: EarlyValue) -> str:
    """What was not proved, and of which facts the log has none; empty where there is nothing to say."""
    missing = joined([INTERACTIONS[table] for table in found.missing_tables])
    return " ".join(filter(None, (found.cannot, sentence(f"{missing} are not in the log") if missing else "")))


def ranking(name: str, model: str) -> str:
    """A way of ordering customers, with the model behind ours."""
    if name != OURS:
        return RANKINGS[name].capitalize()
    return f"Ours: {'logistic regression held to the spend so far' if model == PREFERRED else model_name(model)}"
