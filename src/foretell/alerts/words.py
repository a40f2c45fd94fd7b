"""Alerts in words: the same for the screen and for a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foretell.alerts.alert import Alert, Driver
from foretell.alerts.control_limits import Signal
from foretell.alerts.proof import RuleProof
from foretell.features.themes import theme_in_words
from foretell.words.reasons import LESS_LIKELY, LIKELIER, TOO_LITTLE
from foretell.words.wording import amount, count, counted, days, expected, percent, shown

if TYPE_CHECKING:
    from foretell.alerts.raising import RuleStanding

NAMED = 5
EVENTS = {
    "churn": "left",
    "purchase": "ordered",
    "high_value": "were in the top tier",
    "becomes_high_value": "rose to the top tier",
    "decline": "spent under half",
}


def headline(alert: Alert) -> str:
    """Rule, number of customers and money on one line."""
    if not alert.customers:
        return f"{shown(alert.rule)}: {_series(alert.signal)}" if alert.signal else shown(alert.rule)
    return (
        f"{shown(alert.rule)}: {counted(len(alert.customers), 'customer')}, {amount(alert.money, alert.currency)} "
        f"expected in the next {alert.horizon_days} days"
    )


def lines(alert: Alert, about: str = "churn") -> list[str]:
    """Since when, who, what they have in common, and what the rule was worth on the past."""
    found = [f"as of {alert.as_of}, held since {alert.since}: {shown(alert.condition)}"]
    if alert.signal and alert.customers:
        found.append(_series(alert.signal))
    if alert.customers:
        more = len(alert.customers) - NAMED
        named = ", ".join(shown(customer) for customer in alert.customers[:NAMED])
        found.append(f"most expected of: {named}{f' and {count(more)} more' if more > 0 else ''}")
    found += [
        f"in common: {_driver(driver)} ({percent(driver.share)}"
        + (f", others {percent(driver.share_of_others)})" if driver.share_of_others is not None else ")")
        for driver in alert.drivers
    ]
    return [*found, proof_line(alert.proof, about)]


def _driver(driver: Driver) -> str:
    way = LIKELIER if driver.way > 0 else LESS_LIKELY
    return f"{way} because of {theme_in_words(driver.theme)}" if driver.way else TOO_LITTLE


def proof_line(proof: RuleProof, about: str = "churn") -> str:
    """What a rule was worth at past cutoffs, or why that is not known."""
    if not proof.is_tested:
        return proof.cannot
    low, high = percent(proof.precision_low), percent(proof.precision_high)
    told = [
        f"tested at {counted(len(proof.cutoffs), 'past cutoff')}: {count(proof.true)} of {count(proof.judged)} warned "
        f"of {EVENTS[about]} ({percent(proof.precision)}, 90 % interval {low} to {high}; {percent(proof.base_rate)} of "
        f"all did)",
        f"{percent(proof.recall)} of those who {EVENTS[about]} were warned of",
        f"{_rate(proof.false_per_week)} a week were false",
    ]
    if proof.lead_days:
        middle, early, late = proof.lead_days
        told.append(f"{days(middle)} before they counted as lost (half within {count(early)} to {count(late)})")
    return "; ".join(told)


def rule_line(standing: RuleStanding) -> str:
    """How one declared rule stands in the last run."""
    name = shown(standing.part.name)
    if standing.off:
        return f"{name}: off, {standing.off}"
    held = f"; {standing.held_back}" if standing.held_back else ""
    if standing.part.spike:
        return f"{name}: on, watches {shown(standing.part.spike)}{held}"
    return f"{name}: on, holds of {counted(standing.holding, 'customer')}{held}"


def _series(signal: Signal | None) -> str:
    if signal is None:
        return ""
    usual = f"{expected(signal.low)} to {expected(signal.high)}"
    return f"{shown(signal.series)} is {signal.direction} at {expected(signal.value)}, usual is {usual}"


def _rate(value: float | None) -> str:
    return f"{value:.1f}" if value is not None and value < 10 else count(value)
